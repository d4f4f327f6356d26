import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { requireProgram } from "../programs.ts";
import { projectRoot } from "../source-tree.ts";

const folder = join(projectRoot, "systemd");

test("systemd knows every setting of the shipped units", (context) => {
  requireProgram(context, "systemd-analyze");
  const scratch = mkdtempSync(join(tmpdir(), "umbra-units-"));
  try {
    const units = readdirSync(folder).map((name) => {
      // A template is checked as one instance of it; the program need not be installed for that.
      const path = join(scratch, name.replace("@.", "@PROD1."));
      writeFileSync(path, readFileSync(join(folder, name), "utf8").replaceAll("/usr/bin/umbra", "/bin/true"));
      return path;
    });
    expect(units.length).toBeGreaterThan(3);
    const verified = spawnSync("systemd-analyze", ["verify", "--recursive-errors=no", "--man=no", ...units]);
    expect(verified.stderr.toString("utf8")).toBe("");
    expect(verified.status).toBe(0);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** sqlplus leaves the instance behind: systemd would end it with the unit, and it would keep the unit's sandbox. */
test("a unit that may start an instance leaves it alive, and keeps nothing from it", () => {
  const units = readdirSync(folder)
    .filter((name) => name.endsWith(".service"))
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  const starting = units.filter(({ text }) => /^Exec\w+=.*umbra (reconcile|backup cold)\b/mu.test(text));
  expect(starting.map(({ name }) => name).toSorted()).toEqual([
    "umbra-backup-cold@.service",
    "umbra-reconcile.service",
  ]);
  for (const { text } of starting) {
    expect(text).toMatch(/^KillMode=process$/mu);
    expect(text).toMatch(/^LimitMEMLOCK=infinity$/mu);
    expect(text).toMatch(/^TimeoutStartSec=infinity$/mu);
    expect(text).not.toMatch(/^(PrivateTmp|NoNewPrivileges|ProtectSystem|ProtectHome)=/mu);
  }
});
