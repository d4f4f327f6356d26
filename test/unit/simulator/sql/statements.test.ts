import { describe, expect, test } from "vitest";

import { OraError } from "../../../../simulator/engine/ora-error.ts";
import { FakeState } from "./fake-instance.ts";
import { errorOf, makeRig, run } from "./rig.ts";

/** The last operation that a statement asked the instance for. */
async function asked(sql: string, service = "PROD1"): Promise<unknown[]> {
  const rig = makeRig();
  await run(rig.open({ service }), sql);
  const last = rig.state.calls.at(-1);
  return [last?.name, ...(last?.args ?? [])];
}

test.each<[string, unknown[]]>([
  [
    'alter tablespace "USERS" begin backup',
    ["beginBackup", { level: "tablespace", conId: 1, name: "USERS" }],
  ],
  ["alter tablespace users end backup", ["endBackup", { level: "tablespace", conId: 1, name: "USERS" }]],
  ["alter tablespace users read only", ["setTablespace", 1, "USERS", "READ ONLY"]],
  ["alter tablespace users offline immediate", ["setTablespace", 1, "USERS", "OFFLINE IMMEDIATE"]],
  [
    "alter tablespace users add datafile '/u/users02.dbf' size 10M autoextend on next 1M maxsize 20M",
    [
      "addFile",
      1,
      "USERS",
      {
        path: "/u/users02.dbf",
        bytes: 10_485_760,
        reuse: false,
        autoextend: { nextBytes: 1_048_576, maxBytes: 20_971_520 },
      },
      "DATAFILE",
    ],
  ],
  ["alter database begin backup", ["beginBackup", { level: "database" }]],
  ["alter database datafile 7 end backup", ["endBackup", { level: "datafile", file: { number: 7 } }]],
  [
    "alter database datafile '/u/users01.dbf' offline for drop",
    ["offlineDatafile", { path: "/u/users01.dbf" }, true],
  ],
  ["alter database prod1 open resetlogs", ["open", "RESETLOGS"]],
  ["alter database backup controlfile to '/p/cf.bkp' reuse", ["backupControlfile", "/p/cf.bkp", true]],
  [
    "alter database backup controlfile to trace as '/p/cf.sql' reuse noresetlogs",
    ["backupControlfileToTrace", "/p/cf.sql", { reuse: true, variant: "NORESETLOGS" }],
  ],
  [
    "alter database recover automatic from '/a' database until change 123456 using backup controlfile",
    [
      "recover",
      { scope: { level: "database" }, usingBackupControlfile: true, from: "/a", until: { scn: 123_456n } },
    ],
  ],
  [
    "alter database recover database until time '2026-11-21:09:33:00'",
    [
      "recover",
      {
        scope: { level: "database" },
        usingBackupControlfile: false,
        until: { time: new Date("2026-11-21T09:33:00Z") },
      },
    ],
  ],
  ["alter system archive log current", ["archiveLogCurrent"]],
  ["alter system switch logfile", ["switchLogfile"]],
  [
    "alter system set log_archive_dest_2='LOCATION=/b OPTIONAL' scope=both",
    ["setParameter", "log_archive_dest_2", "LOCATION=/b OPTIONAL", "BOTH"],
  ],
  ["create pfile='/p/init.ora' from spfile", ["createPfile", "/p/init.ora"]],
  ["drop tablespace users including contents and datafiles", ["dropTablespace", 1, "USERS", true, true]],
  [
    "create bigfile tablespace big datafile '/u/big.dbf' size 1G",
    [
      "createTablespace",
      1,
      {
        name: "BIG",
        contents: "PERMANENT",
        bigfile: true,
        blockSize: 8192,
        files: [{ path: "/u/big.dbf", bytes: 1_073_741_824, reuse: false, autoextend: null }],
      },
    ],
  ],
  ["alter pluggable database pdb1 close immediate", ["closePdb", 3]],
])("%s asks the instance for it", async (sql, expected) => {
  expect(await asked(sql)).toEqual(expected);
});

test("BEGIN BACKUP of a PDB is asked for inside the PDB", async () => {
  expect(await asked("alter pluggable database begin backup", "PDB1")).toEqual([
    "beginBackup",
    { level: "pdb", conId: 3 },
  ]);
  expect(await asked("alter tablespace data begin backup", "PDB1")).toEqual([
    "beginBackup",
    { level: "tablespace", conId: 3, name: "DATA" },
  ]);
});

test("CREATE CONTROLFILE is read as TO TRACE writes it", async () => {
  const [name, spec] =
    await asked(`CREATE CONTROLFILE REUSE DATABASE "PROD1" RESETLOGS FORCE LOGGING ARCHIVELOG
    MAXLOGFILES 16 MAXLOGMEMBERS 3 MAXDATAFILES 1024 MAXINSTANCES 8 MAXLOGHISTORY 292
LOGFILE
  GROUP 1 '/u/redo01.log'  SIZE 50M BLOCKSIZE 512,
  GROUP 2 ('/u/redo02.log', '/v/redo02.log')  SIZE 50M BLOCKSIZE 512
-- STANDBY LOGFILE
DATAFILE
  '/u/system01.dbf',
  '/u/users''s 01.dbf'
CHARACTER SET AL32UTF8
;`);
  expect(name).toBe("createControlfile");
  expect(spec).toMatchObject({
    dbName: "PROD1",
    reuse: true,
    resetlogs: true,
    archivelog: true,
    forceLogging: true,
    datafiles: ["/u/system01.dbf", "/u/users's 01.dbf"],
    logGroups: [
      { group: 1, bytes: 52_428_800 },
      { group: 2, members: ["/u/redo02.log", "/v/redo02.log"] },
    ],
  });
});

describe("refusals", () => {
  test.each([
    ["alter tablespace data begin backup", 65_046],
    ["alter tablespace nothing begin backup", 959],
    ["alter tablespace users begin", 2142],
    ["alter database nonsense", 2231],
    ["alter system nonsense", 2065],
    ["alter session nonsense", 2248],
    ["alter nonsense", 940],
    ["create nonsense", 901],
    ["drop nonsense", 950],
    ["alter pluggable database begin backup", 65_046],
    ["alter pluggable database nothing open", 65_011],
    ["alter session set container = nothing", 65_011],
    ["alter tablespace users begin backup :x", 1027],
    ["alter system kill session '1,2'", 30],
    ["alter database begin backup garbage", 2231],
  ])("%s ends with ORA-%i", async (sql, code) => {
    expect(await errorOf(makeRig().open(), sql)).toBe(code);
  });

  test.each(["alter system switch logfile", "alter system archive log current"])(
    "%s inside a PDB is ORA-65040",
    async (sql) => {
      expect(await errorOf(makeRig().open({ service: "PDB1" }), sql)).toBe(65_040);
    },
  );

  test("an ordinary user may not alter the system", async () => {
    expect(
      await errorOf(makeRig().open({ user: "APP", privilege: "NORMAL" }), "alter system switch logfile"),
    ).toBe(1031);
    expect(
      await errorOf(makeRig().open({ user: "APP", privilege: "NORMAL" }), "select * from v$database"),
    ).toBe(942);
  });

  test("while mounted, fixed views answer and dictionary views do not", async () => {
    const state = new FakeState();
    state.state = "MOUNT";
    state.openMode = "MOUNTED";
    const session = makeRig({ staticServices: ["PROD1"] }, state).open();
    expect(await errorOf(session, "select name from v$datafile")).toBe(0);
    expect(await errorOf(session, "select * from dba_tablespaces")).toBe(1219);
    expect(await errorOf(session, "alter tablespace users begin backup")).toBe(1109);
    state.state = "NOMOUNT";
    state.controlFile = undefined;
    expect(await errorOf(session, "select name from v$datafile")).toBe(1507);
    expect(await errorOf(session, "select status from v$instance")).toBe(0);
  });

  test("the error of the instance comes through unchanged", async () => {
    const rig = makeRig();
    rig.state.fail = new OraError(1146, "cannot start online backup - file 7 is already in backup", {
      below: ["ORA-01110: data file 7: '/u/users01.dbf'"],
    });
    await expect(run(rig.open(), "alter tablespace users begin backup")).rejects.toThrow("ORA-01110");
  });
});
