import { afterAll, beforeAll, expect, test } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";

let user: DatabaseUser;
beforeAll(async () => {
  user = await databaseUser({ cdb: true });
});
afterAll(async () => await user[Symbol.asyncDispose]());

test("config check names the file and the databases in it", async () => {
  const { status, stdout, stderr } = await user.umbra("config", "check");
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: `${user.config} is right. 1 database: PROD1\n`,
    stderr: "",
  });
});

test("inventory shows every container, tablespace and file of the database", async () => {
  const { instance } = user.program;
  const text = await user.succeed("inventory", "PROD1");
  const control = instance.controlFile;
  const named = [
    ...(control?.containers.map(({ name }) => name) ?? []),
    ...(control?.tablespaces.map(({ name }) => name) ?? []),
    ...(control?.datafiles.map(({ path }) => path) ?? []),
    ...(control?.tempfiles.map(({ path }) => path) ?? []),
    ...(control?.logGroups.flatMap(({ members }) => members) ?? []),
    ...instance.controlFilePaths,
    String(control?.dbid),
  ];
  expect(named.filter((name) => !text.includes(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(20);
});

test("inventory as JSON is one object whose SCNs are text", async () => {
  const object = await user.object<{ kind: string; facts?: unknown }>("inventory", "PROD1");
  expect(object).toMatchObject({ schema: 1, kind: "inventory" });
  expect(JSON.stringify(object)).toMatch(/"currentScn":"\d+"/);
});

test("check finds the database ready, says what is not as it should be, and leaves nothing in backup mode", async () => {
  const { status, stdout, stderr } = await user.umbra("check", "PROD1");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^ok +archive mode +ARCHIVELOG$/m);
  expect(stdout).toMatch(/^ok +log round trip +thread 1 sequence \d+ at /m);
  expect(stdout).toMatch(/^PROD1 is ready for a backup/m);
  expect(user.inBackupMode()).toEqual([]);
});

test("a plan names each statement and each copy, and changes nothing", async () => {
  const before = user.untouched();
  const text = await user.succeed("backup", "hot", "PROD1", "--plan");
  expect(user.untouched()).toEqual(before);
  for (const { path } of user.program.instance.controlFile?.datafiles ?? [])
    expect(text).toContain(`${path} → `);
  expect(text).toContain('SQL in PDB1: alter tablespace "USERS" begin backup');
  expect(text).toContain('SQL in PDB1: alter tablespace "USERS" end backup');
  expect(text).toContain("SQL in CDB$ROOT: alter system archive log current");
  expect(text).toMatch(/Nothing was changed: this is the plan\.\n$/);
});

test("a plan as JSON holds the same steps, and changes nothing", async () => {
  const before = user.untouched();
  const plan = await user.object<{ steps: readonly { id: string; sql: readonly string[] }[] }>(
    "backup",
    "hot",
    "PROD1",
    "--plan",
  );
  expect(user.untouched()).toEqual(before);
  expect(plan).toMatchObject({ schema: 1, kind: "plan", database: "PROD1" });
  const ids = plan.steps.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.at(-1)).toBe("write-manifest");
  const sql = plan.steps.flatMap((step) => step.sql);
  expect(sql.filter((one) => one.endsWith(" begin backup")).length).toBe(
    sql.filter((one) => one.endsWith(" end backup")).length,
  );
});

test("reconcile with nothing to do needs no database", async () => {
  const sessions = user.program.engine.sessions.length;
  user.configure({ service: "NOSUCH" });
  const { status, stdout } = await user.umbra("reconcile").finally(() => user.configure());
  expect({ status, stdout }).toEqual({ status: 0, stdout: "PROD1: nothing to put right\n" });
  expect(user.program.engine.sessions.length).toBe(sessions);
});

test("list of a new installation says that there is no backup, and show names nothing", async () => {
  expect(await user.succeed("list")).toBe("There is no backup in the catalog.\n");
  expect(await user.object("list", "PROD1")).toEqual({ schema: 1, kind: "backups", backups: [] });
  const { status, stderr } = await user.umbra("show", "20260101T000000Z-hot-000000");
  expect(status).toBe(2);
  expect(stderr).toContain("UMB-2004: no run or backup is called 20260101T000000Z-hot-000000");
});
