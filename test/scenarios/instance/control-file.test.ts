import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { readControlFileHeader } from "../../../src/formats/control-file-header.ts";
import { readSpfile } from "../../../src/formats/spfile.ts";
import { codesOf, sameDatabase, serve, served } from "./served.ts";

test("a binary control file is written once, and over an old one only with REUSE", async () => {
  await using rig = await served();
  const { dba, base } = rig;
  const path = join(base, "it's.ctl");
  const sql = `alter database backup controlfile to '${path.replaceAll("'", "''")}'`;
  expect(await dba.codes(sql)).toEqual([]);
  expect(await dba.codes(sql)).toEqual([1580, 27_038]);
  expect(await dba.codes(`${sql} reuse`)).toEqual([]);
  expect(await dba.codes(`alter database backup controlfile to '${base}/nowhere/x.ctl'`)).toEqual([
    1580, 27_040,
  ]);
  const header = readControlFileHeader(readFileSync(path));
  expect(header.ok && header.value.databaseName).toBe("ORCL");
  const [[name, blocks, blockSize] = []] = await dba.rows(
    "select name, file_size_blks, block_size from v$controlfile",
  );
  expect(statSync(String(name)).size).toBe((Number(blocks) + 1) * Number(blockSize));
  expect(statSync(path).size).toBe(statSync(String(name)).size);
});

test("an instance that mounts a binary copy knows that it is one, and opens only with RESETLOGS", async () => {
  await using rig = await served();
  const { dba, base } = rig;
  await dba.run(`alter database backup controlfile to '${base}/backup.ctl'`);
  expect(await dba.value("select controlfile_type from v$database")).toBe("CURRENT");
  await dba.run("alter system archive log current");
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "NOMOUNT" });
  await dba.run(`alter system set control_files='${base}/backup.ctl' scope=spfile`);
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  expect(await dba.rows("select controlfile_type, open_mode from v$database")).toEqual([
    ["BACKUP", "MOUNTED"],
  ]);
  expect(await dba.codes("alter database open")).toEqual([1589]);
  expect((await dba.codes("alter database recover database"))[0]).toBe(283);
  const recovery = await dba.codes(
    "alter database recover automatic database until cancel using backup controlfile",
  );
  expect(recovery).toEqual([]);
  await dba.run("alter database open resetlogs");
  expect(await dba.rows("select controlfile_type, open_mode from v$database")).toEqual([
    ["CURRENT", "READ WRITE"],
  ]);
});

test("a lost member of the control file stops the mount, a missing one too", async () => {
  await using rig = await served();
  const [[member] = []] = await rig.dba.rows("select name from v$controlfile order by name");
  await rig.stop("IMMEDIATE");
  rmSync(String(member));
  expect((await codesOf(rig.instance.startup({ to: "MOUNT" })))[0]).toBe(205);
});

test("CREATE PFILE writes the parameters of the SPFILE, and an instance starts with it", async () => {
  await using rig = await served();
  const { dba, base } = rig;
  await dba.run("alter system set archive_lag_target=900 scope=both");
  await dba.run(`create pfile='${base}/init.ora' from spfile`);
  const text = readFileSync(join(base, "init.ora"), "utf8");
  expect(text).toMatch(/^\*\.archive_lag_target=900$/mu);
  expect(text).toMatch(/^\*\.control_files=/mu);
  const spfile = String(await dba.value("select value from v$parameter where name = 'spfile'"));
  const binary = readSpfile(readFileSync(spfile));
  expect(binary.ok && binary.value.text).toContain("archive_lag_target=900");
  expect(await dba.codes(`create pfile='${base}/nowhere/init.ora' from spfile`)).not.toEqual([]);
  await rig.stop("IMMEDIATE");
  rmSync(spfile);
  const again = sameDatabase(base);
  expect((await codesOf(again.startup({ to: "NOMOUNT" })))[0]).toBe(1078);
  await again.startup({ to: "OPEN", pfile: join(base, "init.ora") });
  await using second = await serve(again, base);
  expect(await second.dba.value("select value from v$parameter where name = 'archive_lag_target'")).toBe(
    "900",
  );
  expect(await second.dba.value("select value from v$parameter where name = 'spfile'")).toBeNull();
  expect((await second.dba.codes(`create pfile='${base}/again.ora' from spfile`))[0]).toBe(1565);
});

test("switches and archiving go on as the statements say", async () => {
  await using rig = await served();
  const { dba } = rig;
  const current = async () => Number(await dba.value("select sequence# from v$log where status = 'CURRENT'"));
  const first = await current();
  await dba.run("alter system switch logfile");
  expect(await current()).toBe(first + 1);
  await dba.run("alter system archive log current");
  expect(await current()).toBe(first + 2);
  const logs = await dba.rows(
    "select sequence#, archived, status, deleted, name, blocks * block_size, to_char(first_change#), to_char(next_change#) from v$archived_log order by sequence#",
  );
  expect(logs.map(([sequence]) => sequence)).toEqual(
    Array.from({ length: first + 1 }, (_, index) => index + 1),
  );
  for (const [index, [, archived, status, deleted, name, bytes, , next]] of logs.entries()) {
    expect([archived, status, deleted]).toEqual(["YES", "A", "NO"]);
    expect(statSync(String(name)).size).toBe(Number(bytes) + 512);
    expect(logs[index + 1]?.[6] ?? next).toBe(next);
  }
  const before = await dba.value("select to_char(checkpoint_change#) from v$database");
  await dba.run("alter system checkpoint");
  const after = await dba.value("select to_char(checkpoint_change#) from v$database");
  expect(BigInt(String(after))).toBeGreaterThan(BigInt(String(before)));
  expect(await dba.value("select count(*) from v$datafile where checkpoint_change# < " + String(after))).toBe(
    0,
  );
});

test("CREATE SPFILE and what else is not simulated is refused, not taken for done", async () => {
  await using rig = await served();
  const { dba, base } = rig;
  expect(await dba.codes("create spfile from pfile")).toEqual([32_002]);
  expect(await dba.codes("alter system set control_files='/x' scope=both")).toEqual([2095]);
  expect(await dba.codes("alter system nonsense")).toEqual([2065]);
  expect(await dba.codes("alter database nonsense")).toEqual([2231]);
  expect(await dba.codes("alter tablespace users nonsense")).toEqual([2142]);
  expect(await dba.codes("nonsense")).toEqual([900]);
  expect(existsSync(join(base, "spfile"))).toBe(false);
});
