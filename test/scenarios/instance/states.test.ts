import { expect, test } from "vitest";

import { codesOf, served, type Served } from "./served.ts";

const states = "select i.status, i.logins, d.open_mode from v$instance i, v$database d";

async function withTable(rig: Served): Promise<void> {
  const app = await rig.connect();
  await app.execute("create table t (id number)");
  await app.execute("insert into t values (1)", [], { autoCommit: true });
  await app.close();
}

async function idsIn(rig: Served): Promise<unknown> {
  const app = await rig.connect();
  const { rows } = await app.execute("select id from t order by id");
  await app.close();
  return rows;
}

test("dynamic services are blocked in MOUNT, static ones are not, and unknown ones stay unknown", async () => {
  await using rig = await served();
  await rig.stop("IMMEDIATE");
  const sys = { user: "sys", password: "oracle", privilege: rig.driver.SYSDBA };
  await expect(rig.connect(sys)).rejects.toThrow("NJS-518");
  expect((await codesOf(rig.connect({ ...sys, service: "ADMIN" })))[0]).toBe(1034);
  await rig.instance.startup({ to: "NOMOUNT" });
  expect(await codesOf(rig.connect(sys))).toEqual([12_528]);
  await rig.instance.mount();
  expect(await codesOf(rig.connect(sys))).toEqual([12_528]);
  expect(await codesOf(rig.connect({ service: "ADMIN" }))).toEqual([1033]);
  await expect(rig.connect({ ...sys, service: "NOWHERE" })).rejects.toThrow("NJS-518");
  expect(await rig.dba.rows(states)).toEqual([["MOUNTED", "ALLOWED", "MOUNTED"]]);
  await rig.dba.run("alter database open");
  await (await rig.connect()).close();
});

test("a restricted instance lets in only who may", async () => {
  await using rig = await served();
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "OPEN", restricted: true });
  expect(await codesOf(rig.connect())).toEqual([12_526]);
  expect(await codesOf(rig.connect({ service: "ADMIN" }))).toEqual([1035]);
  expect(await rig.dba.rows(states)).toEqual([["OPEN", "RESTRICTED", "READ WRITE"]]);
  await rig.dba.run("alter system disable restricted session");
  expect(await rig.dba.value("select logins from v$instance")).toBe("ALLOWED");
  await (await rig.connect()).close();
});

test("open read only: rows are read, nothing is written, and no file changes", async () => {
  await using rig = await served();
  await withTable(rig);
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  const scn = "select max(checkpoint_change#) from v$datafile_header";
  const before = await rig.dba.value(scn);
  await rig.dba.run("alter database open read only");
  const app = await rig.connect();
  expect((await app.execute("select id from t")).rows).toEqual([[1]]);
  expect(await codesOf(app.execute("insert into t values (2)"))).toEqual([16_000]);
  expect(await codesOf(app.execute("create table u (id number)"))).toEqual([16_000]);
  expect(await rig.dba.codes("alter tablespace users offline")).toEqual([16_000]);
  expect(await rig.dba.value(scn)).toBe(before);
  await app.close();
});

test("SHUTDOWN IMMEDIATE rolls back what is open and leaves every file consistent", async () => {
  await using rig = await served();
  await withTable(rig);
  const app = await rig.connect();
  await app.execute("insert into t values (2)");
  await rig.stop("IMMEDIATE");
  await expect(app.execute("select 1 from dual")).rejects.toThrow(/NJS-5|ORA-/u);
  await rig.instance.startup({ to: "MOUNT" });
  const dirty = `select file# from v$datafile d where d.enabled='READ WRITE' and d.status in ('ONLINE','SYSTEM')
    and (d.last_change# is null or d.last_change#<>d.checkpoint_change#)`;
  expect(await rig.dba.rows(dirty)).toEqual([]);
  expect(await rig.dba.rows("select file# from v$datafile_header where fuzzy = 'YES'")).toEqual([]);
  await rig.dba.run("alter database open");
  expect(await idsIn(rig)).toEqual([[1]]);
});

test("SHUTDOWN NORMAL waits for the sessions, TRANSACTIONAL for the transactions", async () => {
  await using rig = await served();
  await withTable(rig);
  const app = await rig.connect();
  await app.execute("insert into t values (2)");
  const stopped = rig.engine.shutdown("TRANSACTIONAL").then(() => "stopped");
  await new Promise((resolve) => setImmediate(resolve));
  expect(rig.instance.state).toBe("OPEN");
  await app.commit();
  expect(await stopped).toBe("stopped");
  await rig.instance.startup({ to: "OPEN" });
  const other = await rig.connect();
  const normal = rig.engine.shutdown("NORMAL").then(() => "stopped");
  expect((await other.execute("select count(*) from t")).rows).toEqual([[2]]);
  await other.close();
  expect(await normal).toBe("stopped");
});

test("after a crash the committed rows are there and the others are not", async () => {
  await using rig = await served();
  await withTable(rig);
  const app = await rig.connect();
  for (let id = 2; id < 40; id += 1)
    await app.execute("insert into t values (:1)", [id], { autoCommit: true });
  await app.execute("delete from t where id > 5");
  await rig.dba.run("alter system checkpoint");
  await rig.stop("ABORT");
  await rig.instance.startup({ to: "MOUNT" });
  expect(await rig.dba.value("select count(*) from v$datafile_header where fuzzy = 'YES'")).toBe(4);
  expect(await rig.dba.codes("alter database open read only")).toEqual([16_005]);
  await rig.dba.run("alter database open");
  expect(await idsIn(rig)).toEqual(Array.from({ length: 39 }, (_, index) => [index + 1]));
});

test("each state is reached from the one before it, and no other way", async () => {
  await using rig = await served();
  expect(await codesOf(rig.instance.startup({ to: "OPEN" }))).toEqual([1081]);
  expect(await rig.dba.codes("alter database mount")).toEqual([1100]);
  expect(await rig.dba.codes("alter database open")).toEqual([1531]);
  await rig.stop("IMMEDIATE");
  expect((await codesOf(rig.instance.shutdown("IMMEDIATE")))[0]).toBe(1034);
  await rig.instance.startup({ to: "NOMOUNT" });
  expect(await rig.dba.codes("alter database open")).toEqual([1507]);
  expect(await rig.dba.codes("alter tablespace users begin backup")).toEqual([1507]);
  await rig.dba.run("alter database mount");
  expect(await rig.dba.codes("create tablespace x datafile '/x' size 1m")).toEqual([1109]);
});

test("PDBs open, close, save their state, come and go", async () => {
  await using rig = await served({ database: { cdb: true, pdbs: ["PDB1", "PDB2"], totalBytes: 12_000_000 } });
  const { dba } = rig;
  const modes = async () =>
    (await dba.rows("select name, open_mode from v$pdbs order by con_id")).map((row) => row.join(" "));
  expect(await modes()).toEqual(["PDB$SEED READ ONLY", "PDB1 READ WRITE", "PDB2 READ WRITE"]);
  await dba.run("alter pluggable database pdb1 close immediate");
  await expect(rig.connect({ service: "PDB1" })).rejects.toThrow("NJS-518");
  expect(await dba.codes("alter pluggable database pdb1 close")).toEqual([65_020]);
  await dba.run("alter pluggable database pdb1 open read only");
  expect(await dba.codes("alter pluggable database pdb1 open")).toEqual([65_019]);
  const reader = await rig.connect({ service: "PDB1" });
  expect(await codesOf(reader.execute("create table x (id number)"))).toEqual([16_000]);
  await dba.run("alter pluggable database pdb1 open read write force");
  await dba.run("alter pluggable database all except pdb1 close immediate");
  expect(await modes()).toEqual(["PDB$SEED READ ONLY", "PDB1 READ WRITE", "PDB2 MOUNTED"]);
  expect(await dba.codes("alter pluggable database pdb9 open")).toEqual([65_011]);
  expect(await dba.codes("drop pluggable database pdb1 including datafiles")).toEqual([65_025]);
  await dba.run("drop pluggable database pdb2 including datafiles");
  await dba.run(
    "create pluggable database pdb3 admin user adm identified by pw file_name_convert = ('pdbseed', 'PDB3')",
  );
  expect(await modes()).toEqual(["PDB$SEED READ ONLY", "PDB1 READ WRITE", "PDB3 MOUNTED"]);
  await dba.run("alter pluggable database pdb3 open");
  await dba.run("alter pluggable database pdb3 save state");
  await dba.run("create table sys.made (id number)", "PDB3");
  await rig.stop("ABORT");
  await rig.instance.startup({ to: "OPEN" });
  expect(await modes()).toEqual(["PDB$SEED READ ONLY", "PDB1 READ WRITE", "PDB3 READ WRITE"]);
  expect(await dba.value("select count(*) from sys.made", "PDB3")).toBe(0);
  await expect(reader.execute("select 1 from dual")).rejects.toThrow("NJS-500");
});
