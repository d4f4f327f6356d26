import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Connection } from "oracledb";
import { describe, expect, test } from "vitest";

import { hotCopies, recovery, restored } from "./restored.ts";
import { served, type Served } from "./served.ts";

async function rowsIn(rig: Served, service = "ORCL"): Promise<unknown> {
  const app = await rig.connect({ service });
  const { rows } = await app.execute("select id, name from t order by id");
  await app.close();
  return rows;
}

async function scnOf(rig: Served): Promise<bigint> {
  return BigInt(String(await rig.dba.value("select to_char(current_scn) from v$database")));
}

async function insert(app: Connection, id: number): Promise<void> {
  await app.execute("insert into t values (:1, :2)", [id, `row ${id}`], { autoCommit: true });
}

const rowsUpTo = (last: number) =>
  Array.from({ length: last }, (_, index) => [index + 1, `row ${index + 1}`]);

describe.each([false, true])("with containers: %s", (cdb) => {
  const options = { database: { cdb, pdbs: cdb ? ["PDB1"] : [], totalBytes: cdb ? 12_000_000 : 3_000_000 } };
  const service = cdb ? "PDB1" : "ORCL";

  test("RECOVER UNTIL CHANGE brings back what was committed before the SCN, and nothing later", async () => {
    await using rig = await served(options);
    const app = await rig.connect({ service });
    await app.execute("create table t (id number, name varchar2(20))");
    await insert(app, 1);
    const copies = await hotCopies(rig);
    await insert(app, 2);
    const target = await scnOf(rig);
    await insert(app, 3);
    await rig.dba.run("alter system archive log current");
    await app.execute("insert into t values (9, 'not committed')");
    await using copy = await restored(rig.base, copies);
    expect(
      await copy.dba.codes(recovery(rig.base, `until change ${target} using backup controlfile`)),
    ).toEqual([]);
    await copy.dba.run("alter database open read only");
    if (cdb) await copy.dba.run("alter pluggable database all open read only");
    expect(await rowsIn(copy, service)).toEqual(rowsUpTo(2));
    expect(await copy.dba.rows("select open_mode from v$database")).toEqual([["READ ONLY"]]);
    await app.close();
  });

  test("RESETLOGS begins a new incarnation; temp files are added again; the database works on", async () => {
    await using rig = await served(options);
    const app = await rig.connect({ service });
    await app.execute("create table t (id number, name varchar2(20))");
    const copies = await hotCopies(rig);
    await insert(app, 1);
    await rig.dba.run("alter system archive log current");
    await app.close();
    const rl = "select to_char(resetlogs_change#) from v$database";
    const before = await rig.dba.value(rl);
    await using copy = await restored(rig.base, copies);
    const { dba } = copy;
    expect(await dba.codes(recovery(rig.base, "until cancel using backup controlfile"))).toEqual([]);
    expect(await dba.codes("alter database open")).toEqual([1589]);
    await dba.run("alter database open resetlogs");
    expect(
      await dba.rows(
        "select incarnation#, status, prior_incarnation# from v$database_incarnation order by 1",
      ),
    ).toEqual([
      [1, "PARENT", 0],
      [2, "CURRENT", 1],
    ]);
    expect(BigInt(String(await dba.value(rl)))).toBeGreaterThan(BigInt(String(before)));
    expect(await dba.value("select max(sequence#) from v$log")).toBe(1);
    const container = cdb ? "PDB1" : undefined;
    const temp = join(copy.base, "temp_new.dbf");
    await dba.run(`alter tablespace temp add tempfile '${temp}' size 1m reuse autoextend off`, container);
    expect(existsSync(temp)).toBe(true);
    expect(await rowsIn(copy, service)).toEqual(rowsUpTo(1));
    const again = await copy.connect({ service });
    await insert(again, 2);
    await again.close();
    await dba.run("alter system archive log current");
    expect(
      await dba.rows(
        "select thread#, min(sequence#) from v$archived_log where resetlogs_change# = (select resetlogs_change# from v$database) group by thread#",
      ),
    ).toEqual([[1, 1]]);
    await copy.stop("IMMEDIATE");
    await copy.instance.startup({ to: "OPEN", pfile: join(copy.base, "init.ora") });
    expect(await rowsIn(copy, service)).toEqual(rowsUpTo(2));
  });
});

test("RECOVER UNTIL TIME leaves out what was committed from that time on", async () => {
  let now = new Date("2026-03-01T10:00:00Z").getTime();
  await using rig = await served({ database: { now: () => new Date(now) } });
  const app = await rig.connect();
  await app.execute("create table t (id number, name varchar2(20))");
  const copies = await hotCopies(rig);
  await insert(app, 1);
  now += 60_000;
  await insert(app, 2);
  await rig.dba.run("alter system archive log current");
  await app.close();
  await using copy = await restored(rig.base, copies);
  const until = "until time '2026-03-01:10:00:30' using backup controlfile";
  expect(await copy.dba.codes(recovery(rig.base, until))).toEqual([]);
  await copy.dba.run("alter database open resetlogs");
  expect(await rowsIn(copy)).toEqual(rowsUpTo(1));
});

test("a file that was added after the copies is made anew and recovered", async () => {
  await using rig = await served();
  const app = await rig.connect();
  const copies = await hotCopies(rig);
  const later = join(rig.base, "later01.dbf");
  await rig.dba.run(`create tablespace later datafile '${later}' size 512k`);
  await app.execute("create table t (id number, name varchar2(20)) tablespace later");
  await insert(app, 1);
  const target = await scnOf(rig);
  await rig.dba.run("alter system archive log current");
  await app.close();
  await using copy = await restored(rig.base, copies);
  const { dba } = copy;
  const sql = recovery(rig.base, `until change ${target} using backup controlfile`);
  expect(await dba.codes(sql)).toEqual([283, 1244, 1110]);
  const name = String(await dba.value("select name from v$datafile where name like '%UNNAMED%'"));
  expect((await dba.codes(sql)).slice(0, 3)).toEqual([283, 1111, 1110]);
  await dba.run(`alter database create datafile '${name}' as '${join(copy.base, "later01.dbf")}'`);
  expect(await dba.codes(sql)).toEqual([]);
  await dba.run("alter database open resetlogs");
  expect(await rowsIn(copy)).toEqual(rowsUpTo(1));
});

test("one lost datafile is restored and recovered while the rest of the database is open", async () => {
  await using rig = await served();
  const { dba } = rig;
  const app = await rig.connect();
  await app.execute("create table t (id number, name varchar2(20))");
  const copies = await hotCopies(rig);
  await insert(app, 1);
  await dba.run("alter system archive log current");
  await insert(app, 2);
  const [[file, path] = []] = await dba.rows("select file#, name from v$datafile where name like '%users%'");
  expect(await dba.codes(`alter database recover datafile ${String(file)}`)).toEqual([283, 1124, 1110]);
  await dba.run("alter tablespace users offline immediate");
  cpSync(copies.files.get(String(path)) ?? "", String(path));
  expect(await dba.codes("alter tablespace users online")).toEqual([1113, 1110]);
  expect(await dba.rows("select file#, error from v$recover_file")).toEqual([[file, null]]);
  await expect(app.execute("select * from t")).rejects.toThrow(/ORA-00376[^]*ORA-01110/u);
  await dba.run(`alter database recover automatic datafile ${String(file)}`);
  await dba.run("alter tablespace users online");
  expect(await rowsIn(rig)).toEqual(rowsUpTo(2));
  await app.close();
});

test("a lost file that was never copied is made anew from the redo alone", async () => {
  await using rig = await served();
  const { dba } = rig;
  const path = join(rig.base, "new01.dbf");
  await dba.run(`create tablespace new datafile '${path}' size 512k`);
  const app = await rig.connect();
  await app.execute("create table t (id number, name varchar2(20)) tablespace new");
  await insert(app, 1);
  await dba.run("alter system switch logfile");
  await insert(app, 2);
  const file = String(await dba.value(`select file# from v$datafile where name = '${path}'`));
  await dba.run("alter tablespace new offline immediate");
  rmSync(path);
  expect(await dba.codes(`alter database recover datafile ${file}`)).not.toEqual([]);
  await dba.run(`alter database create datafile '${path}' as '${path}'`);
  await dba.run(`alter database recover automatic tablespace new`);
  await dba.run("alter tablespace new online");
  expect(await rowsIn(rig)).toEqual(rowsUpTo(2));
  await app.close();
});
