import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { backupHot } from "../../../src/run/backup-hot.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

const options = { tablespaces: ["USERS"] };

test("an instance that was started from a text file is backed up with the parameters from its memory", async () => {
  await using rig = await simulatedWorld();
  const pfile = join(rig.directory, "init.ora");
  await rig.instance.createPfile(pfile);
  await rig.instance.shutdown("IMMEDIATE");
  await rig.instance.startup({ to: "OPEN", pfile });
  const outcome = await backupHot(rig.world, options);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals));
  const { directory } = outcome.backup;
  const { parameterText, spfile, notes } = manifestOf(directory);
  expect(spfile).toBeUndefined();
  expect(notes.join("\n")).toContain("without a server parameter file");
  expect(readFileSync(join(directory, parameterText?.name ?? "?"), "utf8")).toMatch(/db_name/i);
});

test("with a server parameter file both forms are in the backup", async () => {
  await using rig = await simulatedWorld();
  const outcome = await backupHot(rig.world, options);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals));
  const { parameterText, spfile } = manifestOf(outcome.backup.directory);
  expect(parameterText?.bytes).toBeGreaterThan(0);
  expect(spfile?.bytes).toBeGreaterThan(0);
});
