import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { CatalogEntry } from "../../../src/domain/journal.ts";
import { requireProgram } from "../../programs.ts";
import { databaseUser } from "../../rigs/database-user.ts";
import { OpenSsh } from "../../rigs/openssh.ts";
import { coldManifestOf, restoredColdDatabase } from "../../rigs/restored-cold-database.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { umbraMain } from "../../rigs/umbra-main.ts";

test("a database behind ssh is planned, backed up cold, listed, shown, verified, and its backup opens", async (context) => {
  requireProgram(context, "sshd");
  const home = scratchDirectory(tmpdir());
  onTestFinished(() => home[Symbol.dispose]());
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const oracleHome = join(home.path, "home");
  const user = await databaseUser({ oracleHome });
  onTestFinished(() => user[Symbol.asyncDispose]());
  user.configure({
    service: user.program.ready.adminService,
    more: [
      "    host: db1",
      `    instance: { by: sqlplus, oracle-home: ${oracleHome}, sid: ORCL }`,
      "hosts:",
      "  db1:",
      `    address: ${server.address.host}:${server.address.port}`,
      `    user: ${server.target().user}`,
      `    key: ${server.userKey.path}`,
      `    umbra: [${umbraMain.join(", ")}]`,
    ].join("\n"),
  });
  mkdirSync(user.state, { recursive: true });
  writeFileSync(join(user.state, "known_hosts"), `${server.name} ${server.hostKey.publicKey}\n`);

  const { startedAt } = user.program.instance;
  const plan = await user.succeed("backup", "cold", "PROD1", "--mode", "pre-copy", "--plan");
  expect(plan).toContain("shut the database down (immediate)");
  expect(plan).toContain("bring up to date the copy of datafile 1 of");
  expect(user.program.instance.startedAt).toEqual(startedAt);

  const { backup } = await user.object<{ backup: CatalogEntry }>(
    "backup",
    "cold",
    "PROD1",
    "--mode",
    "pre-copy",
  );
  expect(user.program.instance.openMode).toBe("READ WRITE");
  expect(user.program.instance.startedAt).not.toEqual(startedAt);
  expect(coldManifestOf(backup.directory).cold.mode).toBe("pre-copy");
  expect(await user.succeed("list")).toContain(backup.id);
  expect(await user.succeed("show", backup.id)).toMatch(/consistent +at SCN \d+, without logs/u);
  expect(await user.succeed("verify", backup.id)).toMatch(/is good/u);
  await using restored = await restoredColdDatabase(backup.directory, join(home.path, "restored"));
  expect(restored.instance.openMode).toBe("READ WRITE");
}, 120_000);
