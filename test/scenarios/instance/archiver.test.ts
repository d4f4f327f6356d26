import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { codesOf, served, type Served } from "./served.ts";

const states =
  "select dest_id, status, binding, error from v$archive_dest where status <> 'INACTIVE' order by dest_id";
type Fault = "hang" | { readonly code: number; readonly text: string } | undefined;

/** A database with a second destination, and a fault that each destination can be given. */
async function withFaults(second: string) {
  const faults = new Map<number, Fault>();
  const rig = await served({
    database: { logBytes: 262_144, faults: { archiveFault: ({ id }) => faults.get(id) } },
  });
  mkdirSync(join(rig.base, "arch2"));
  await rig.dba.run(`alter system set log_archive_dest_2='LOCATION=${join(rig.base, "arch2")} ${second}'`);
  return { rig, faults };
}

async function settled(rig: Served): Promise<void> {
  await expect
    .poll(() => rig.dba.value("select count(*) from v$log where archived = 'NO' and status <> 'CURRENT'"), {
      interval: 5,
    })
    .toBe(0);
}

test("a log goes to every destination that is enabled", async () => {
  const { rig: opened } = await withFaults("OPTIONAL");
  await using rig = opened;
  const { dba } = rig;
  await dba.run("alter system archive log current");
  expect(await dba.rows(states)).toEqual([
    [1, "VALID", "OPTIONAL", null],
    [2, "VALID", "OPTIONAL", null],
  ]);
  const [[sequence] = []] = await dba.rows("select max(sequence#) from v$archived_log");
  expect(
    await dba.rows(`select dest_id from v$archived_log where sequence# = ${String(sequence)} order by 1`),
  ).toEqual([[1], [2]]);
  await dba.run("alter system set log_archive_dest_state_2='DEFER'");
  expect((await dba.rows(states))[1]?.[1]).toBe("DEFERRED");
  const count = readdirSync(join(rig.base, "arch2")).length;
  await dba.run("alter system archive log current");
  expect(readdirSync(join(rig.base, "arch2"))).toHaveLength(count);
  await dba.run("alter system set log_archive_dest_state_2='ENABLE'");
  await dba.run("alter system archive log current");
  expect(readdirSync(join(rig.base, "arch2"))).toHaveLength(count + 1);
  await dba.run("alter system set log_archive_dest_2=''");
  expect(await dba.value("select status from v$archive_dest where dest_id = 2")).toBe("INACTIVE");
});

test("an optional destination that is full is in error and holds nobody up; it recovers by itself", async () => {
  const { rig: opened, faults } = await withFaults("OPTIONAL REOPEN=0");
  await using rig = opened;
  const { dba } = rig;
  faults.set(2, { code: 19_502, text: "write error on file, block number 1 (block size=512)" });
  await dba.run("alter system archive log current");
  const [, second] = await dba.rows(states);
  expect(second?.slice(0, 3)).toEqual([2, "ERROR", "OPTIONAL"]);
  expect(second?.[3]).toContain("ORA-19502");
  expect(await dba.value("select fail_sequence from v$archive_dest where dest_id = 2")).toBe(
    await dba.value("select max(sequence#) from v$archived_log"),
  );
  faults.delete(2);
  await dba.run("alter system archive log current");
  expect((await dba.rows(states))[1]).toEqual([2, "VALID", "OPTIONAL", null]);
});

test("a mandatory destination that is full stops the database, and logins hear ORA-00257 until it is mended", async () => {
  const { rig: opened, faults } = await withFaults("MANDATORY REOPEN=0");
  await using rig = opened;
  const { dba } = rig;
  const app = await rig.connect();
  await app.execute("create table t (id number, name varchar2(2000))");
  await settled(rig);
  faults.set(2, { code: 19_502, text: "write error on file, block number 1 (block size=512)" });
  await dba.run("alter system switch logfile");
  await dba.run("alter system switch logfile");
  const stuck = dba.run("alter system switch logfile");
  await expect
    .poll(() => codesOf(rig.connect().then((connection) => connection.close())), { interval: 5 })
    .toEqual([257]);
  const admin = await rig.connect({ user: "sys", password: "oracle", privilege: rig.driver.SYSDBA });
  expect((await admin.execute<unknown[]>(states)).rows?.[1]?.slice(0, 3)).toEqual([2, "ERROR", "MANDATORY"]);
  const writing = app.execute("insert into t values (1, 'x')", [], { autoCommit: true });
  faults.delete(2);
  await stuck;
  await writing;
  await settled(rig);
  await (await rig.connect()).close();
  expect(await admin.execute("select count(*) from t1").catch((error: Error) => error.message)).toContain(
    "ORA-00942",
  );
  await Promise.all([admin.close(), app.close()]);
});

test("a destination that hangs holds ARCHIVE LOG CURRENT up, a call timeout ends the wait, and the log comes later", async () => {
  const { rig: opened, faults } = await withFaults("MANDATORY");
  await using rig = opened;
  await settled(rig);
  faults.set(1, "hang");
  const admin = await rig.connect({ user: "sys", password: "oracle", privilege: rig.driver.SYSDBA });
  admin.callTimeout = 60;
  await expect(admin.execute("alter system archive log current")).rejects.toThrow("NJS-123");
  admin.callTimeout = 0;
  const before = await rig.dba.value("select max(sequence#) from v$archived_log");
  await rig.dba.run("alter system switch logfile");
  expect(await rig.dba.value("select max(sequence#) from v$archived_log")).toBe(before);
  faults.delete(1);
  await settled(rig);
  expect(Number(await rig.dba.value("select max(sequence#) from v$archived_log"))).toBe(Number(before) + 2);
  await admin.close();
});

test("an archived log that is looked at too early is not whole, and its name has its format", async () => {
  await using rig = await served();
  await rig.dba.run("alter system archive log current");
  const [[name, thread, sequence, id] = []] = await rig.dba.rows(
    "select name, thread#, sequence#, resetlogs_id from v$archived_log order by sequence# desc",
  );
  expect(String(name)).toBe(
    join(rig.base, "arch", `${String(thread)}_${String(sequence)}_${String(id)}.arc`),
  );
  expect(existsSync(String(name))).toBe(true);
});

test("in NOARCHIVELOG mode logs are overwritten, and nothing can be archived", async () => {
  await using rig = await served({ database: { archivelog: false } });
  for (let turns = 0; turns < 6; turns += 1) await rig.dba.run("alter system switch logfile");
  expect(await rig.dba.value("select count(*) from v$archived_log")).toBe(0);
  expect(await rig.dba.codes("alter system archive log current")).toEqual([258]);
  expect(await rig.dba.codes("alter database archivelog")).toEqual([1126]);
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  await rig.dba.run("alter database archivelog");
  await rig.dba.run("alter database open");
  await rig.dba.run("alter system archive log current");
  expect(await rig.dba.value("select log_mode from v$database")).toBe("ARCHIVELOG");
});
