import { afterAll, beforeAll, expect, test } from "vitest";

import { served, type Served } from "./served.ts";

const ACTIVE = "select distinct con_id from v$backup where status = 'ACTIVE' order by con_id";
let rig: Served;

beforeAll(async () => {
  rig = await served({ database: { cdb: true, pdbs: ["PDB1", "PDB2"], totalBytes: 12_000_000 } });
});
afterAll(() => rig[Symbol.asyncDispose]());

test("a tablespace of a PDB is backed up inside it, not from the root", async () => {
  const { dba } = rig;
  await dba.run("create tablespace only2 datafile '" + rig.base + "/only2.dbf' size 512k", "PDB2");
  expect(await dba.codes("alter tablespace only2 begin backup")).toEqual([65_046]);
  expect(await dba.codes("alter tablespace only2 begin backup", "PDB1")).toEqual([959]);
  await dba.run("alter tablespace only2 begin backup", "PDB2");
  expect(await dba.rows(ACTIVE)).toEqual([[4]]);
  expect(await dba.rows(ACTIVE, "PDB1")).toEqual([]);
  expect(await dba.rows(ACTIVE, "PDB2")).toEqual([[4]]);
  expect(await dba.codes("alter pluggable database pdb2 close immediate")).toEqual([1149, 1110]);
  await dba.run("alter tablespace only2 end backup", "PDB2");
});

test("a tablespace name means that of the current container", async () => {
  const { dba } = rig;
  await dba.run("alter tablespace users begin backup");
  expect(await dba.rows(ACTIVE)).toEqual([[1]]);
  await dba.run("alter tablespace users begin backup", "PDB1");
  expect(await dba.rows(ACTIVE)).toEqual([[1], [3]]);
  await dba.run("alter tablespace users end backup");
  await dba.run("alter tablespace users end backup", "PDB1");
});

test("a PDB goes into backup mode as a whole, inside it only", async () => {
  const { dba } = rig;
  expect(await dba.codes("alter pluggable database begin backup")).toEqual([65_046]);
  await dba.run("alter pluggable database begin backup", "PDB1");
  expect(await dba.rows(ACTIVE)).toEqual([[3]]);
  expect(await dba.codes("alter pluggable database begin backup", "PDB1")).toEqual([1146, 1110]);
  await dba.run("alter pluggable database end backup", "PDB1");
  expect(await dba.codes("alter pluggable database end backup", "PDB1")).toEqual([1142]);
});

test("from the root the whole database goes into backup mode, the seed and a closed PDB left out", async () => {
  const { dba } = rig;
  await dba.run("alter pluggable database pdb2 close immediate");
  await dba.run("alter database begin backup");
  expect(await dba.rows(ACTIVE)).toEqual([[1], [3]]);
  await dba.run("alter database end backup");
  await dba.run("alter pluggable database pdb2 open");
});

test("in a closed PDB no backup begins", async () => {
  const { dba } = rig;
  await dba.run("alter pluggable database pdb2 close immediate");
  expect(await dba.codes("alter tablespace users begin backup", "PDB2")).toEqual([1109]);
  expect(await dba.codes("alter pluggable database begin backup", "PDB2")).toEqual([1109]);
  await dba.run("alter pluggable database pdb2 open");
});

test("logs are switched and archived, and control files backed up, from the root only", async () => {
  const { dba } = rig;
  for (const sql of [
    "alter system switch logfile",
    "alter system archive log current",
    `alter database backup controlfile to '${rig.base}/pdb.ctl'`,
    `alter database backup controlfile to trace as '${rig.base}/pdb.sql'`,
    "alter database recover database until cancel",
  ])
    expect([sql, await dba.codes(sql, "PDB1")]).toEqual([sql, [65_040]]);
});

test("BEGIN BACKUP inside a PDB that is open read only is refused", async () => {
  const { dba } = rig;
  await dba.run("alter pluggable database pdb2 close immediate");
  await dba.run("alter pluggable database pdb2 open read only");
  expect(await dba.codes("alter pluggable database begin backup", "PDB2")).toEqual([16_000]);
  expect(await dba.codes("alter tablespace users begin backup", "PDB2")).toEqual([16_000]);
  await dba.run("alter pluggable database pdb2 close immediate");
  await dba.run("alter pluggable database pdb2 open");
});
