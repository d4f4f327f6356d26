import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { CatalogEntry } from "../../../src/domain/journal.ts";
import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { manifestOf } from "../../rigs/restored-database.ts";

let user: DatabaseUser;
beforeAll(async () => {
  user = await databaseUser({ cdb: true });
  user.configure({ more: "    refresh: { find: hashes, snapshot: none }" });
});
afterAll(async () => await user[Symbol.asyncDispose]());

test("setup, baseline and refresh, each planned first, then listed, shown and verified", async () => {
  const live = join(user.area, "live");
  const refused = await user.umbra("backup", "refresh", "PROD1");
  expect({ status: refused.status, told: refused.stderr }).toEqual({
    status: 3,
    told: expect.stringContaining("umbra baseline PROD1") as string,
  });
  expect(await user.succeed("setup", "PROD1", "--plan")).toMatch(/Nothing was changed/);
  expect(existsSync(live)).toBe(false);
  expect(await user.succeed("setup", "PROD1")).toMatch(/make the directory .*\/live\/data/);
  expect(await user.succeed("baseline", "PROD1", "--plan")).toMatch(/copy datafile 1 of CDB\$ROOT:SYSTEM/);
  await user.succeed("baseline", "PROD1");
  expect((await user.umbra("baseline", "PROD1")).stderr).toMatch(/UMB-3137/);
  const planned = await user.succeed("backup", "refresh", "PROD1", "--plan");
  expect(planned).toMatch(/mark the copies of \d+ datafiles as being rewritten/);
  expect(planned).toMatch(/bring the copy of datafile 1 of CDB\$ROOT:SYSTEM forward/);
  for (let count = 0; count < 2; count += 1) {
    const { backup } = await user.object<{ backup: CatalogEntry }>("backup", "refresh", "PROD1");
    expect(backup).toMatchObject({ id: "PROD1:live", kind: "refreshed" });
  }
  const again = await user.object<{ backup: CatalogEntry }>("baseline", "PROD1", "--datafile", "1");
  expect(manifestOf(again.backup.directory).datafiles.length).toBe(again.backup.files);
  expect(await user.succeed("list")).toMatch(/PROD1:live .*live area/);
  expect(await user.succeed("show", "PROD1:live")).toMatch(/recoverable/);
  expect(await user.succeed("verify", "PROD1:live")).toMatch(/is good/);
  expect(readFileSync(join(live, "RESTORE.md"), "utf8")).toMatch(/OPEN RESETLOGS/);
  expect((await user.umbra("setup", "PROD1", "--undo")).stderr).toMatch(/UMB-3140/);
});
