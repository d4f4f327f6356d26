import { renameSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { codesOf, served, type Served } from "./served.ts";

const ACTIVE = "select file# from v$backup where status = 'ACTIVE' order by file#";

describe("a database without containers", () => {
  let rig: Served;
  beforeAll(async () => {
    rig = await served();
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  const users = async () =>
    Number(await rig.dba.value("select file# from v$datafile where name like '%users%'"));

  test("a tablespace goes into backup mode and out of it, once", async () => {
    const { dba } = rig;
    const file = await users();
    expect(await dba.codes("alter tablespace users begin backup")).toEqual([]);
    expect(await dba.rows(ACTIVE)).toEqual([[file]]);
    expect(await dba.codes("alter tablespace users begin backup")).toEqual([1146, 1110]);
    expect(await dba.codes("alter database begin backup")).toEqual([1146, 1110]);
    expect(await dba.codes("alter tablespace users end backup")).toEqual([]);
    expect(await dba.rows(ACTIVE)).toEqual([]);
    expect(await dba.codes("alter tablespace users end backup")).toEqual([1142]);
    expect(await dba.codes("alter database end backup")).toEqual([1142]);
    expect(await dba.codes(`alter database datafile ${file} end backup`)).toEqual([1199]);
    expect(await dba.codes("alter database datafile 99 end backup")).toEqual([1516]);
  });

  test("v$backup tells the SCN and the time of the last BEGIN BACKUP", async () => {
    const { dba } = rig;
    const sql =
      "select to_char(change#), time from v$backup b join v$datafile d using (file#) where name like '%users%'";
    const before = BigInt(String(await dba.value("select to_char(current_scn) from v$database")));
    await dba.run("alter tablespace users begin backup");
    const [[change, time] = []] = await dba.rows(sql);
    expect(BigInt(String(change))).toBeGreaterThan(before);
    expect(Math.abs(Date.now() - Number(time))).toBeLessThan(60_000);
    await dba.run("alter tablespace users end backup");
    expect((await dba.rows(sql))[0]?.[0]).toBe(change);
  });

  test("nothing that would stop writes is done to a file in backup mode", async () => {
    const { dba } = rig;
    await dba.run("alter tablespace users begin backup");
    for (const change of [
      "alter tablespace users read only",
      "alter tablespace users offline normal",
      `alter database datafile ${await users()} offline`,
      "drop tablespace users including contents and datafiles",
    ])
      expect([change, await dba.codes(change)]).toEqual([change, [1150, 1110]]);
    expect(await codesOf(rig.stop("IMMEDIATE"))).toEqual([1149, 1110]);
    await dba.run("alter tablespace users end backup");
    expect(await dba.value("select status from v$instance")).toBe("OPEN");
  });

  test("a file in backup mode may grow", async () => {
    const { dba } = rig;
    await dba.run("alter tablespace users begin backup");
    const file = await users();
    await dba.run(`alter database datafile ${file} resize 3m`);
    expect(await dba.value(`select bytes from v$datafile where file# = ${file}`)).toBe(3 * 1024 * 1024);
    await dba.run("alter tablespace users end backup");
  });

  test("temporary, read-only, offline and unknown tablespaces are refused, each with its code", async () => {
    const { dba } = rig;
    expect(await dba.codes("alter tablespace temp begin backup")).toEqual([3217]);
    expect(await dba.codes("alter tablespace nowhere begin backup")).toEqual([959]);
    await dba.run("alter tablespace users read only");
    expect(await dba.codes("alter tablespace users begin backup")).toEqual([1642]);
    expect(await dba.codes("alter tablespace users end backup")).toEqual([1140]);
    await dba.run("alter tablespace users read write");
    for (const how of ["normal", "temporary"]) {
      await dba.run(`alter tablespace users offline ${how}`);
      expect(await dba.codes("alter tablespace users begin backup")).toEqual([1128, 1110]);
      expect(await dba.codes("alter tablespace users end backup")).toEqual([1140]);
      await dba.run("alter tablespace users online");
    }
  });

  test("BEGIN BACKUP of the database leaves read-only and offline files out without a word", async () => {
    const { dba } = rig;
    const file = await users();
    for (const [out, back] of [
      ["read only", "read write"],
      ["offline", "online"],
    ]) {
      await dba.run(`alter tablespace users ${out}`);
      await dba.run("alter database begin backup");
      const active = (await dba.rows(ACTIVE)).map(([number]) => number);
      expect(active.length).toBe(3);
      expect(active).not.toContain(file);
      await dba.run("alter database end backup");
      await dba.run(`alter tablespace users ${back}`);
    }
  });

  test("who may not do it hears so", async () => {
    const app = await rig.connect();
    for (const sql of [
      "alter tablespace users begin backup",
      "alter database begin backup",
      "alter system checkpoint",
    ])
      expect(await codesOf(app.execute(sql))).toEqual([1031]);
    await app.close();
    const backup = await rig.connect({ user: "umbra", password: "umbra", privilege: rig.driver.SYSBACKUP });
    await backup.execute("alter tablespace users begin backup");
    await backup.execute("alter tablespace users end backup");
    await backup.close();
  });

  test("what makes sense only in a container database is refused", async () => {
    expect(await rig.dba.codes("alter pluggable database begin backup")).toEqual([65_090]);
    expect(await rig.dba.codes("alter session set container = pdb1")).toEqual([65_090]);
  });
});

test("without archive mode there is no backup mode", async () => {
  await using rig = await served({ database: { archivelog: false } });
  expect(await rig.dba.codes("alter tablespace users begin backup")).toEqual([1123]);
  expect(await rig.dba.codes("alter database begin backup")).toEqual([1123]);
  expect(await rig.dba.codes("alter tablespace users offline immediate")).toEqual([1145]);
});

test("while it is mounted or open read only no backup can begin", async () => {
  await using rig = await served();
  const { dba } = rig;
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "NOMOUNT" });
  expect(await dba.codes("alter database begin backup")).toEqual([1507]);
  await dba.run("alter database mount");
  expect(await dba.codes("alter database begin backup")).toEqual([1109]);
  expect(await dba.codes("alter tablespace users begin backup")).toEqual([1109]);
  expect(await dba.codes("alter database end backup")).toEqual([1142]);
  expect(await dba.codes("alter system archive log current")).toEqual([1109]);
  await dba.run("alter database open read only");
  expect(await dba.codes("alter database begin backup")).toEqual([16_000]);
  expect(await dba.codes("alter tablespace users begin backup")).toEqual([16_000]);
});

test("after a crash in backup mode each file is taken out of it in MOUNT, and nothing is lost", async () => {
  await using rig = await served();
  const { dba } = rig;
  const app = await rig.connect();
  await app.execute("create table t (id number)");
  await dba.run("alter database begin backup");
  await app.execute("insert into t values (1)", [], { autoCommit: true });
  await rig.stop("ABORT");
  await rig.instance.startup({ to: "MOUNT" });
  expect(await dba.codes("alter database open")).toEqual([10_873, 1110]);
  const files = await dba.rows(ACTIVE);
  expect(files).toHaveLength(4);
  for (const [file] of files) await dba.run(`alter database datafile ${String(file)} end backup`);
  expect(await dba.rows(ACTIVE)).toEqual([]);
  expect(await dba.codes("alter database datafile 1 end backup")).toEqual([1199]);
  await dba.run("alter database open");
  const again = await rig.connect();
  expect((await again.execute("select id from t")).rows).toEqual([[1]]);
  await again.close();
});

test("END BACKUP of a lost file is told, and the others are ended", async () => {
  await using rig = await served();
  const { dba } = rig;
  await dba.run("alter database begin backup");
  const path = String(await dba.value("select name from v$datafile where name like '%users%'"));
  renameSync(path, `${path}.gone`);
  expect((await dba.codes("alter database end backup"))[0]).toBe(1235);
  renameSync(`${path}.gone`, path);
  expect(await dba.rows(ACTIVE)).toHaveLength(1);
  await dba.run("alter tablespace users end backup");
  expect(await dba.rows(ACTIVE)).toEqual([]);
});
