import { existsSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { codesOf, served, type Served } from "./served.ts";

const sizes = async (rig: Served, name: string) =>
  Number(await rig.dba.value(`select bytes from v$datafile where name like '%${name}%'`));

describe.each([
  ["bigfile", 8192],
  ["smallfile", 8192],
  ["smallfile", 16_384],
  ["bigfile", 16_384],
])("a %s tablespace with blocks of %i bytes", (kind, blockSize) => {
  test("holds rows, grows, is copied by size, and survives a crash", async () => {
    await using rig = await served();
    const { dba, base } = rig;
    const path = join(base, "d 'x' ü.dbf");
    const name = path.replaceAll("'", "''");
    await dba.run(
      `create ${kind} tablespace data datafile '${name}' size 512k autoextend on next 128k maxsize 4m blocksize ${blockSize}`,
    );
    const app = await rig.connect();
    await app.execute("create table t (id number, name varchar2(2000)) tablespace data");
    const rows = Array.from({ length: 400 }, (_, id) => [id, "x".repeat(1500)]);
    await app.executeMany("insert into t values (:1, :2)", rows, { autoCommit: true });
    const [[bytes, size, bigfile] = []] = await dba.rows(
      "select d.bytes, d.block_size, t.bigfile from v$datafile d join v$tablespace t on t.ts# = d.ts# where t.name = 'DATA'",
    );
    expect(Number(bytes)).toBeGreaterThan(512 * 1024);
    expect([size, bigfile]).toEqual([blockSize, kind === "bigfile" ? "YES" : "NO"]);
    expect(statSync(path).size).toBe(Number(bytes) + blockSize);
    await rig.stop("ABORT");
    await rig.instance.startup({ to: "OPEN" });
    const again = await rig.connect();
    expect((await again.execute("select count(*), max(id) from t")).rows).toEqual([[400, 399]]);
    expect(await dba.codes(`alter tablespace data add datafile '${base}/more.dbf' size 512k`)).toEqual(
      kind === "bigfile" ? [32_771] : [],
    );
    await again.close();
    await dba.run("drop tablespace data including contents and datafiles");
    expect([existsSync(path), existsSync(join(base, "more.dbf"))]).toEqual([false, false]);
  });
});

test("a table that cannot grow says so, and what was there stays", async () => {
  await using rig = await served();
  await rig.dba.run(`create tablespace data datafile '${rig.base}/data.dbf' size 256k`);
  const app = await rig.connect();
  await app.execute("create table t (id number, name varchar2(2000)) tablespace data");
  const fill = async () => {
    for (let id = 0; id < 1000; id += 1)
      await app.execute("insert into t values (:1, :2)", [id, "x".repeat(2000)], { autoCommit: true });
  };
  expect(await codesOf(fill())).toEqual([1653]);
  const [[count, last] = []] = (await app.execute<unknown[]>("select count(*), max(id) from t")).rows ?? [];
  expect(count).toBe(Number(last) + 1);
  await app.close();
});

test("files are added, resized, dropped, moved and renamed while the database runs", async () => {
  await using rig = await served();
  const { dba, base } = rig;
  const second = join(base, "users02.dbf");
  await dba.run(`alter tablespace users add datafile '${second}' size 512k`);
  expect(await dba.codes(`alter tablespace users add datafile '${second}' size 512k`)).toEqual([
    1119, 27_038,
  ]);
  expect(await dba.codes(`alter tablespace users add datafile '${base}/none/x.dbf' size 512k`)).not.toEqual(
    [],
  );
  expect(await dba.codes(`alter tablespace users add tempfile '${base}/t.dbf' size 512k`)).toEqual([3217]);
  await dba.run(`alter database datafile '${second}' resize 1m`);
  expect(await sizes(rig, "users02")).toBe(1024 * 1024);
  await dba.run(`alter database datafile '${second}' resize 256k`);
  expect(statSync(second).size).toBe(256 * 1024 + 8192);
  await dba.run(`alter database move datafile '${second}' to '${base}/moved.dbf'`);
  expect([existsSync(second), existsSync(join(base, "moved.dbf"))]).toEqual([false, true]);
  expect(await dba.codes(`alter database rename file '${base}/moved.dbf' to '${second}'`)).toEqual([
    1511, 1121, 1110,
  ]);
  await dba.run("alter tablespace users offline normal");
  renameSync(join(base, "moved.dbf"), second);
  await dba.run(`alter tablespace users rename datafile '${base}/moved.dbf' to '${second}'`);
  await dba.run("alter tablespace users online");
  const first = String(await dba.value("select name from v$datafile where name like '%users01%'"));
  expect(await dba.codes(`alter tablespace users drop datafile '${first}'`)).toEqual([3263]);
  await dba.run(`alter tablespace users drop datafile '${second}'`);
  expect(existsSync(second)).toBe(false);
  expect(await dba.codes("drop tablespace system including contents")).toEqual([1550]);
  expect(await dba.codes("alter tablespace system offline")).toEqual([1541, 1110]);
  expect(await dba.codes("alter tablespace system read only")).toEqual([1643]);
  expect(await dba.codes("alter tablespace undotbs1 offline")).toEqual([30_042]);
  expect(await dba.codes("create tablespace users datafile '/x' size 1m")).toEqual([1543]);
});

test("a read-only tablespace is read and not written, and stands still on disk", async () => {
  await using rig = await served();
  const { dba } = rig;
  const app = await rig.connect();
  await app.execute("create table t (id number)");
  await app.execute("insert into t values (1)", [], { autoCommit: true });
  await dba.run("alter tablespace users read only");
  const header = "select to_char(checkpoint_change#), fuzzy from v$datafile_header where name like '%users%'";
  const [before] = await dba.rows(header);
  expect(before?.[1]).toBe("NO");
  expect((await codesOf(app.execute("insert into t values (2)")))[0]).toBe(372);
  expect((await app.execute("select * from t")).rows).toEqual([[1]]);
  await dba.run("alter system checkpoint");
  expect((await dba.rows(header))[0]).toEqual(before);
  expect(await dba.codes("alter tablespace users read only")).toEqual([1644]);
  await dba.run("alter tablespace users read write");
  await app.execute("insert into t values (2)", [], { autoCommit: true });
  expect(await dba.codes("alter tablespace users read write")).toEqual([1646]);
  await app.close();
});

test("an offline tablespace is not there, and offline normal needs no recovery", async () => {
  await using rig = await served();
  const { dba } = rig;
  const app = await rig.connect();
  await app.execute("create table t (id number)");
  await app.execute("insert into t values (1)", [], { autoCommit: true });
  await dba.run("alter tablespace users offline normal");
  expect((await codesOf(app.execute("select * from t")))[0]).toBe(376);
  expect(
    (
      await dba.rows(
        "select d.status, enabled, h.error from v$datafile d join v$datafile_header h on h.file# = d.file# where d.name like '%users%'",
      )
    )[0],
  ).toEqual(["OFFLINE", "DISABLED", "OFFLINE NORMAL"]);
  await dba.run("alter tablespace users online");
  expect((await app.execute("select * from t")).rows).toEqual([[1]]);
  await dba.run("alter tablespace users offline immediate");
  expect(await dba.rows("select status from v$datafile where name like '%users%'")).toEqual([["RECOVER"]]);
  expect(await dba.codes("alter tablespace users online")).toEqual([1113, 1110]);
  await dba.run("alter database recover tablespace users");
  await dba.run("alter tablespace users online");
  expect((await app.execute("select * from t")).rows).toEqual([[1]]);
  await app.close();
});

test("temporary tablespaces and their files come and go, and are no datafiles", async () => {
  await using rig = await served();
  const { dba, base } = rig;
  await dba.run(`create temporary tablespace temp2 tempfile '${base}/temp2.dbf' size 1m`);
  await dba.run(`alter tablespace temp2 add tempfile '${base}/temp3.dbf' size 1m`);
  expect(await dba.value("select count(*) from v$tempfile")).toBe(3);
  await dba.run(`alter tablespace temp2 drop tempfile '${base}/temp3.dbf'`);
  await dba.run(`alter database tempfile '${base}/temp2.dbf' resize 2m`);
  expect(await dba.value("select bytes from v$tempfile where name like '%temp2%'")).toBe(2 * 1024 * 1024);
  expect(await dba.value("select count(*) from v$datafile where name like '%temp%'")).toBe(0);
  await dba.run("drop tablespace temp2 including contents and datafiles");
  expect(existsSync(join(base, "temp2.dbf"))).toBe(false);
});

test("a database of 200 MB is made, opened and serves", async () => {
  await using rig = await served({ database: { totalBytes: 200 * 1024 * 1024 } });
  const bytes = Number(await rig.dba.value("select sum(bytes) from v$datafile"));
  expect(bytes).toBeGreaterThan(195 * 1024 * 1024);
  const app = await rig.connect();
  await app.execute("create table t (id number)");
  await app.close();
});
