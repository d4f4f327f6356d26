import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { CatalogEntry } from "../../../src/domain/journal.ts";
import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { type ScratchDirectory, scratchDirectory } from "../../rigs/scratch-directory.ts";

let home: ScratchDirectory;
let user: DatabaseUser;
beforeAll(async () => {
  home = scratchDirectory(tmpdir());
  user = await databaseUser({ oracleHome: join(home.path, "home"), cdb: true });
  user.configure({
    service: user.program.ready.adminService,
    more: [
      `    instance: { by: sqlplus, oracle-home: ${join(home.path, "home")}, sid: ORCL }`,
      "    refresh: { engine: rman, parallel: 2, snapshot: none }",
    ].join("\n"),
  });
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

test("a baseline by RMAN, its plan and a refresh, from the command line", async () => {
  expect(await user.succeed("setup", "PROD1", "--plan")).toContain(
    "alter database enable block change tracking using file '",
  );
  expect(await user.succeed("baseline", "PROD1", "--plan")).toContain(
    "RMAN:   backup as copy incremental level 0 reuse tag 'UMBRA_PROD1' datafile 1 format '",
  );
  const { backup } = await user.object<{ backup: CatalogEntry }>("baseline", "PROD1");
  const first = manifestOf(backup.directory);
  await user.succeed("backup", "refresh", "PROD1");
  const last = manifestOf(backup.directory);
  expect(last.datafiles.map(({ name }) => name)).toEqual(first.datafiles.map(({ name }) => name));
  expect(BigInt(last.scns.minimumRecovery)).toBeGreaterThan(BigInt(first.scns.minimumRecovery));
  expect(last.datafiles.every(({ mode }) => mode === "rman")).toBe(true);
  expect(readdirSync(join(backup.directory, "..", "level1"))).toEqual([]);
  expect(await user.succeed("verify", backup.id)).toMatch(/is good/);
});
