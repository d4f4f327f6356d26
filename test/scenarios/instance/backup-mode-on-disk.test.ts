import { closeSync, openSync, readFileSync, readSync } from "node:fs";

import { expect, test } from "vitest";

import { readDatafileHeader, type DatafileHeader } from "../../../src/formats/datafile-header.ts";
import { served, type Served } from "./served.ts";

function headerOf(path: string): DatafileHeader {
  const head = Buffer.alloc(16_384);
  const file = openSync(path, "r");
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  const read = readDatafileHeader(head);
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

async function pathOf(rig: Served, word: string): Promise<string> {
  return String(await rig.dba.value(`select name from v$datafile where name like '%${word}%'`));
}

test("in backup mode the checkpoint of the header stands still, and its count goes on", async () => {
  await using rig = await served();
  const { dba } = rig;
  const path = await pathOf(rig, "users");
  const quiet = headerOf(path);
  await dba.run("alter tablespace users begin backup");
  const begun = headerOf(path);
  const app = await rig.connect();
  await app.execute("create table t (id number, name varchar2(100))");
  for (let id = 0; id < 3; id += 1) {
    await app.execute("insert into t values (:1, :2)", [id, "x".repeat(100)], { autoCommit: true });
    await dba.run("alter system checkpoint");
  }
  const later = headerOf(path);
  const [[status, change] = []] = await dba.rows(
    "select b.status, to_char(change#) from v$backup b join v$datafile d on d.file# = b.file# where name like '%users%'",
  );
  await dba.run("alter tablespace users end backup");
  const ended = headerOf(path);
  expect([
    quiet.status.hotBackup,
    begun.status.hotBackup,
    later.status.hotBackup,
    ended.status.hotBackup,
  ]).toEqual([false, true, true, false]);
  expect(begun.checkpoint.scn > quiet.checkpoint.scn).toBe(true);
  expect(later.checkpoint).toEqual(begun.checkpoint);
  expect(later.checkpointCount).toBeGreaterThanOrEqual(begun.checkpointCount + 3);
  expect(later.beginBackup).toEqual(begun.beginBackup);
  expect([status, change]).toEqual(["ACTIVE", String(begun.beginBackup.scn)]);
  expect(ended.checkpoint.scn > later.checkpoint.scn).toBe(true);
  await app.close();
});

test("v$datafile_header says what the header on disk says", async () => {
  await using rig = await served();
  const { dba } = rig;
  await dba.run("alter tablespace users begin backup");
  const rows = await dba.rows(
    "select name, to_char(checkpoint_change#), checkpoint_count, to_char(creation_change#), to_char(resetlogs_change#), fuzzy, blocks from v$datafile_header",
  );
  for (const [name, checkpoint, count, creation, resetlogs, fuzzy] of rows) {
    const header = headerOf(String(name));
    expect([checkpoint, count, creation, resetlogs]).toEqual([
      String(header.checkpoint.scn),
      header.checkpointCount,
      String(header.creationScn),
      String(header.resetlogsScn),
    ]);
    expect(fuzzy).toBe("YES");
  }
});

test("the first change of a block in backup mode puts the whole block into the redo", async () => {
  await using rig = await served({ database: { logBytes: 1_048_576 } });
  const app = await rig.connect();
  await app.execute("create table t (id number, name varchar2(100))");
  await app.executeMany(
    "insert into t values (:1, :2)",
    Array.from({ length: 50 }, (_, id) => [id, "x".repeat(80)]),
    {
      autoCommit: true,
    },
  );
  const lastLog = async (letter: string): Promise<number> => {
    await rig.dba.run("alter system archive log current");
    await app.execute("update t set name = :1", [letter.repeat(80)], { autoCommit: true });
    await rig.dba.run("alter system archive log current");
    const [[name] = []] = await rig.dba.rows("select name from v$archived_log order by sequence# desc");
    return readFileSync(String(name)).length;
  };
  const plain = await lastLog("y");
  await rig.dba.run("alter tablespace users begin backup");
  const inBackup = await lastLog("z");
  await rig.dba.run("alter tablespace users end backup");
  expect(inBackup).toBeGreaterThan(plain + 7_000);
  await app.close();
});
