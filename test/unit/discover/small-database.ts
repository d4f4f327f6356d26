import { join } from "node:path";

import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import type { DiscoverWorld } from "../../../src/discover/discover.ts";
import type { DatabaseConfig } from "../../../src/domain/fleet.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { ContainerName, DatabaseName, FilePath } from "../../../src/domain/names.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Row } from "../../../src/ports/database.ts";
import { type Answers, FakeConnector } from "./fake-database.ts";

export const NOW = Date.UTC(2026, 10, 21, 9, 33);

/** Larger than a JavaScript number holds exactly. */
export const LARGE_SCN = "9007199254740995";

const datafile = (file: number, con: number, name: string, path: string): Row => ({
  file_no: file,
  rfile_no: file,
  ts: file,
  ts_name: name,
  bigfile: "NO",
  con_id: con,
  name: path,
  status: file === 1 ? "SYSTEM" : "ONLINE",
  enabled: "READ WRITE",
  bytes: "8192",
  blocks: 1,
  block_size: 8192,
  creation_scn: "7",
  checkpoint_scn: LARGE_SCN,
  last_scn: null,
  offline_scn: "0",
  unrecoverable_scn: "0",
});

/** A container database with one PDB open and one closed, whose files lie in `directory`. */
export function rootAnswers(directory: string): Answers {
  const file = (name: string) => join(directory, name);
  return {
    identity: [
      {
        dbid: 1234567890,
        name: "PROD1",
        db_unique_name: "PROD1_A",
        database_role: "PRIMARY",
        open_mode: "READ WRITE",
        log_mode: "ARCHIVELOG",
        cdb: "YES",
        controlfile_type: "CURRENT",
        force_logging: "YES",
        platform_name: "Linux x86 64-bit",
        resetlogs_scn: "1920977",
        current_scn: LARGE_SCN,
        resetlogs_id: 1185000000,
      },
    ],
    instances: [
      {
        instance_number: 1,
        instance_name: "PROD1",
        host_name: "db1",
        version: "19.0.0.0.0",
        edition: "EE",
        status: "OPEN",
        thread_no: 1,
        started_at: "2026-11-01T00:00:00",
      },
    ],
    containers: [
      { con_id: 2, name: "PDB$SEED", open_mode: "READ ONLY", guid: "AA" },
      { con_id: 3, name: "SALES", open_mode: "READ WRITE", guid: "BB" },
      { con_id: 4, name: "CLOSED", open_mode: "MOUNTED", guid: null },
    ],
    tablespaces: [
      { ts: 1, name: "SYSTEM", bigfile: "NO", con_id: 1 },
      { ts: 2, name: "USERS", bigfile: "NO", con_id: 3 },
      { ts: 3, name: "USERS", bigfile: "NO", con_id: 4 },
      { ts: 4, name: "TEMP", bigfile: "NO", con_id: 3 },
    ],
    datafiles: [
      datafile(1, 1, "SYSTEM", file("system01.dbf")),
      datafile(2, 3, "USERS", file("o'brien \n.dbf")),
      datafile(3, 4, "USERS", file("users01.dbf")),
    ],
    "datafile-headers": [
      { file_no: 1, fuzzy: "YES", error: null, checkpoint_scn: LARGE_SCN },
      { file_no: 2, fuzzy: "YES", error: null, checkpoint_scn: "20" },
    ],
    "backup-mode": [1, 2, 3].map((number) => ({
      file_no: number,
      status: "NOT ACTIVE",
      change_scn: "0",
      begun_at: null,
    })),
    tempfiles: [{ file_no: 1, name: file("temp01.dbf"), bytes: "8192", ts_name: "TEMP", con_id: 3 }],
    controlfiles: [{ name: file("control01.ctl") }, { name: file("control02.ctl") }],
    "online-logs": ["a.log", "b.log"].map((name) => ({
      thread_no: 1,
      group_no: 1,
      sequence_no: 17,
      bytes: "1048576",
      status: "CURRENT",
      member: file(name),
    })),
    threads: [{ thread_no: 1, status: "OPEN", enabled: "PUBLIC" }],
    "archive-destinations": [
      {
        dest_id: 1,
        status: "VALID",
        target: "PRIMARY",
        destination: file("arch"),
        binding: "MANDATORY",
        error: null,
      },
    ],
    parameters: [
      { name: "db_name", value: "PROD1" },
      { name: "spfile", value: "/dbs/spfilePROD1.ora" },
      { name: "wallet_root", value: null },
    ],
    "password-file": [{ file_name: "/dbs/orapwPROD1" }],
    wallets: [{ wrl_type: "FILE", wrl_parameter: null, status: "NOT_AVAILABLE" }],
    "block-change-tracking": [{ status: "DISABLED", filename: null }],
    "local-undo": [{ property_value: "TRUE" }],
    patches: [{ patch_id: 35643107, action: "APPLY", status: "SUCCESS", description: "Release Update" }],
    "session-user": [{ user_name: "SYSBACKUP" }],
    "session-privileges": [{ privilege: "ALTER SYSTEM" }, { privilege: "SYSBACKUP" }],
    clock: [{ utc: "2026-11-21T09:33:01.040Z", utc_offset: "+01:00" }],
  };
}

const dictionary: Answers = {
  "tablespace-states": [
    { tablespace_name: "SYSTEM", contents: "PERMANENT", status: "ONLINE" },
    { tablespace_name: "USERS", contents: "PERMANENT", status: "READ ONLY" },
    { tablespace_name: "TEMP", contents: "TEMPORARY", status: "ONLINE" },
  ],
};

export function smallWorld(directory: string, changed: Answers = {}, clock: Clock = heldClock()) {
  const root = { ...rootAnswers(directory), ...dictionary, ...changed };
  const growth = [{ file_name: join(directory, "temp01.dbf"), autoextensible: "YES" }];
  const connector = new FakeConnector((container: ContainerName) =>
    container === "CDB$ROOT" ? root : { ...dictionary, "tempfile-growth": growth },
  );
  const copy = () => Promise.reject(new Error("nothing is copied here"));
  const host = createLocalHost({ copier: { copy, verify: copy } });
  const world: DiscoverWorld = {
    database: config(directory),
    connector,
    databaseHost: host,
    backupHost: host,
    clock,
    signal: new AbortController().signal,
  };
  return { world, connector };
}

function config(directory: string): DatabaseConfig {
  return {
    name: "PROD1" as DatabaseName,
    dbid: "1234567890",
    connect: {
      connectString: "db1/PROD1",
      user: "umbra",
      privilege: "sysbackup",
      password: { from: "env", variable: "PASSWORD" },
    },
    storage: "disk",
    backupArea: join(directory, "area") as FilePath,
    backup: { mode: "per-tablespace", parallel: 2, spareBytes: 1 },
    cold: { mode: "plain", shutdown: "immediate", onOverrun: "stop-copy", abortWhenStuck: false },
    logs: { guard: "warn", freeBytes: 0, reopenMs: 60_000, lagMs: 60_000 },
    refresh: { engine: "blocks", find: "compare", parallel: 1, snapshot: "none" },
    deadlines: {
      connectMs: 1_000,
      statementMs: 5_000,
      beginBackupMs: 1_000,
      shutdownMs: 1_000,
      startupMs: 1_000,
      archivedLogMs: 2_000,
      copyStallMs: 1_000,
    },
  };
}

/** Stands still but for its sleeps; each look at the monotonic one takes 20 ms. */
function heldClock(): Clock {
  let ms = 0;
  return {
    now: () => instant(NOW),
    monotonicMs: () => (ms += 20),
    sleep: async (slept) => {
      ms += slept;
    },
  };
}
