import type { ControlFile, DatafileRecord } from "../../../../simulator/instance/control-file.ts";

export const FIXED_NOW = new Date("2026-11-21T09:33:00.125Z");
const created = new Date("2026-11-01T00:00:00Z");
/** Above 2^53: a driver that reads SCNs as JS numbers loses digits. */
export const BIG_SCN = 9_007_199_254_740_993n;

/** A CDB with one PDB: SYSTEM, USERS, TEMP in the root and DATA, TEMP in PDB1. */
export function fakeControlFile(): ControlFile {
  return {
    dbid: 1_234_567_890,
    dbName: "PROD1",
    cdb: true,
    createdAt: created,
    type: "CURRENT",
    logMode: "ARCHIVELOG",
    forceLogging: false,
    sequence: 17,
    checkpointScn: BIG_SCN - 10n,
    resetlogsScn: 1n,
    resetlogsAt: created,
    incarnations: [
      {
        number: 1,
        resetlogsScn: 1n,
        resetlogsAt: created,
        priorResetlogsScn: 0n,
        priorResetlogsAt: null,
        status: "CURRENT",
        priorNumber: 0,
      },
    ],
    containers: [
      {
        conId: 1,
        name: "CDB$ROOT",
        guid: "0".repeat(32),
        dbid: 1_234_567_890,
        createdScn: 1n,
        opensWithRoot: true,
      },
      { conId: 2, name: "PDB$SEED", guid: "1".repeat(32), dbid: 22, createdScn: 1n, opensWithRoot: true },
      { conId: 3, name: "PDB1", guid: "AB".repeat(16), dbid: 33, createdScn: 1n, opensWithRoot: true },
    ],
    tablespaces: [
      { conId: 1, ts: 0, name: "SYSTEM", contents: "PERMANENT", bigfile: false, blockSize: 8192 },
      { conId: 1, ts: 4, name: "USERS", contents: "PERMANENT", bigfile: false, blockSize: 8192 },
      { conId: 1, ts: 3, name: "TEMP", contents: "TEMPORARY", bigfile: false, blockSize: 8192 },
      { conId: 3, ts: 0, name: "SYSTEM", contents: "PERMANENT", bigfile: false, blockSize: 8192 },
      { conId: 3, ts: 5, name: "DATA", contents: "PERMANENT", bigfile: true, blockSize: 8192 },
    ],
    datafiles: [
      datafile(1, 1, 0, "/u/system01.dbf"),
      datafile(7, 1, 4, "/u/users01.dbf"),
      datafile(9, 3, 0, "/u/pdb1/system01.dbf"),
      datafile(10, 3, 5, "/u/pdb1/data01.dbf"),
    ],
    tempfiles: [
      {
        file: 1,
        conId: 1,
        ts: 3,
        path: "/u/temp01.dbf",
        blockSize: 8192,
        blocks: 100,
        status: "ONLINE",
        autoextend: null,
      },
    ],
    threads: [
      {
        thread: 1,
        status: "OPEN",
        enabled: "PUBLIC",
        instance: "PROD1",
        sequence: 12,
        checkpointScn: BIG_SCN - 10n,
      },
    ],
    logGroups: [group(1, 11, "INACTIVE"), group(2, 12, "CURRENT")],
    archivedLogs: [log(9), log(10), log(11)],
    maxDatafiles: 1024,
    resetlogsRequired: false,
  };
}

function datafile(file: number, conId: number, ts: number, path: string): DatafileRecord {
  return {
    file,
    relativeFile: file,
    conId,
    ts,
    path,
    status: ts === 0 ? "SYSTEM" : "ONLINE",
    enabled: "READ WRITE",
    blockSize: 8192,
    blocks: 1280,
    creationScn: 100n,
    creationAt: created,
    checkpointScn: BIG_SCN - 10n,
    checkpointAt: created,
    lastScn: null,
    offlineScn: 0n,
    onlineScn: 0n,
    unrecoverableScn: 0n,
    autoextend: null,
  };
}

function group(number: number, sequence: number, status: "CURRENT" | "INACTIVE") {
  return {
    group: number,
    thread: 1,
    sequence,
    blockSize: 512,
    bytes: 52_428_800,
    members: [`/u/redo0${number}.log`],
    status,
    archived: status === "INACTIVE",
    firstScn: BigInt(sequence) * 1000n,
    firstAt: created,
    nextScn: status === "CURRENT" ? null : BigInt(sequence + 1) * 1000n,
  };
}

function log(sequence: number) {
  const at = new Date(created.getTime() + sequence * 60_000);
  return {
    recid: sequence,
    destId: 1,
    name: `/a/1_${sequence}.arc`,
    thread: 1,
    sequence,
    resetlogsScn: 1n,
    resetlogsAt: created,
    firstScn: BigInt(sequence) * 1000n,
    firstAt: at,
    nextScn: BigInt(sequence + 1) * 1000n,
    nextAt: at,
    blocks: 10,
    blockSize: 512,
    archived: true,
    deleted: false,
    status: "A" as const,
    completedAt: at,
  };
}
