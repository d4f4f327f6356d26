import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openProgramDoor } from "../../../simulator/programs/door.ts";
import { installPrograms } from "../../../simulator/programs/install.ts";
import type { CatalogEntry } from "../../../src/domain/journal.ts";
import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { coldManifestOf } from "../../rigs/restored-cold-database.ts";
import { type ScratchDirectory, scratchDirectory } from "../../rigs/scratch-directory.ts";

let home: ScratchDirectory;
let user: DatabaseUser;
const oracleHome = () => join(home.path, "home");
beforeAll(async () => {
  home = scratchDirectory(tmpdir());
  user = await databaseUser({ oracleHome: oracleHome(), archivelog: false });
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

interface Way {
  readonly oracleHome?: string;
  readonly sid?: string;
}

function configure(of: DatabaseUser, { oracleHome: path = oracleHome(), sid = "ORCL" }: Way = {}): void {
  of.configure({
    service: of.program.ready.adminService,
    more: [
      `    instance: { by: sqlplus, oracle-home: ${path}, sid: ${sid} }`,
      "    cold: { mode: plain }",
      "    deadlines: { startup: 10s, connect: 5s }",
    ].join("\n"),
  });
}

/** `umbra backup cold PROD1` must end so, and must not have touched anything. */
async function refused(of: DatabaseUser, status: number, said: RegExp): Promise<void> {
  const before = of.untouched();
  const { startedAt } = of.program.instance;
  const ended = await of.umbra("backup", "cold", "PROD1");
  expect(ended.stderr).toMatch(said);
  expect(ended).toMatchObject({ status, stdout: "" });
  expect(of.program.instance.startedAt).toEqual(startedAt);
  expect(of.untouched()).toEqual(before);
  expect(await of.succeed("reconcile")).toBe("PROD1: nothing to put right\n");
}

test("an ORACLE_HOME that is not there is told before anything goes down", async () => {
  configure(user, { oracleHome: "/no/such/home" });
  await refused(user, 3, /UMB-3128.*\/no\/such\/home\/bin\/sqlplus/su);
});

test("a SID of another instance is told before anything goes down", async () => {
  configure(user, { sid: "OTHER" });
  await refused(user, 3, /UMB-3128.*state down.*state open/su);
});

test("an account that is not in the group of the instance is told before anything goes down", async () => {
  await using other = await databaseUser();
  const { instance, engine, ready } = other.program;
  const path = join(home.path, "other");
  const base = join(other.directory, "prod");
  installPrograms({ base, oracleHome: path, sid: "ORCL", version: engine.identity.version });
  const door = await openProgramDoor({ base, oracleHome: path, sid: "ORCL", engine, instance, groups: [] });
  try {
    expect(ready.dbName).toBe("ORCL");
    configure(other, { oracleHome: path });
    await refused(other, 3, /UMB-3128.*ORA-0(1017|1031)/su);
  } finally {
    await door.close();
  }
});

test("files in backup mode are named, and nothing goes down", async () => {
  configure(user);
  await using archiving = await databaseUser({ oracleHome: join(home.path, "third") });
  configure(archiving, { oracleHome: join(home.path, "third") });
  await archiving.asDba("alter tablespace USERS begin backup");
  await refused(archiving, 3, /UMB-3105 \(rule 20\).*USERS.*ORA-01149/su);
});

test("without archived logs a hot backup is refused, and a cold one is made with the online logs apart", async () => {
  configure(user);
  const hot = await user.umbra("backup", "hot", "PROD1");
  expect(hot).toMatchObject({ status: 3, stdout: "" });
  expect(hot.stderr).toMatch(/NOARCHIVELOG/u);
  const { backup } = await user.object<{ backup: CatalogEntry }>("backup", "cold", "PROD1");
  const { onlineRedo, cold } = coldManifestOf(backup.directory);
  expect(cold.logMode).toBe("NOARCHIVELOG");
  expect(onlineRedo.map(({ name }) => name)).toContain("redo/thread_1_group_1.redo");
  expect(await user.succeed("verify", backup.id)).toMatch(/is good/u);
});

describe("options that make no sense are status 2, with what they may be", () => {
  test.each([
    [["--mode", "fast"], /auto, plain, pre-copy, snapshot/u],
    [["--max-downtime", "soon"], /90s, 30m or 2h/u],
    [["--on-overrun", "pray"], /stop-copy or continue/u],
  ] as const)("%j", async (options, said) => {
    const { status, stderr } = await user.umbra("backup", "cold", "PROD1", ...options);
    expect(stderr).toMatch(said);
    expect(status).toBe(2);
  });
});
