import type {
  ArchivedLogRecord,
  ControlFile,
  DatafileRecord,
  TempfileRecord,
} from "../../../../simulator/instance/control-file.ts";

const at = new Date("2026-01-02T03:04:05Z");
const shared = {
  relativeFile: 1,
  enabled: "READ WRITE",
  blockSize: 8192,
  blocks: 1280,
  creationScn: 7n,
  creationAt: at,
} as const;
const scns = {
  checkpointScn: 2_000_000n,
  lastScn: null,
  offlineScn: 0n,
  onlineScn: 0n,
  unrecoverableScn: 0n,
  checkpointAt: at,
} as const;

const datafiles: DatafileRecord[] = [
  {
    ...shared,
    ...scns,
    file: 7,
    conId: 3,
    ts: 5,
    path: "/u/it's users.dbf",
    status: "ONLINE",
    autoextend: null,
  },
  {
    ...shared,
    ...scns,
    file: 1,
    conId: 1,
    ts: 0,
    path: "/u/system01.dbf",
    status: "SYSTEM",
    autoextend: { nextBlocks: 80, maxBlocks: 4096 },
  },
];

const tempfiles: TempfileRecord[] = [
  {
    file: 1,
    conId: 1,
    ts: 3,
    path: "/u/temp01.dbf",
    blockSize: 8192,
    blocks: 4096,
    status: "ONLINE",
    autoextend: { nextBlocks: 80, maxBlocks: 4_194_176 },
  },
  {
    file: 2,
    conId: 3,
    ts: 3,
    path: "/u/pdb1/temp01.dbf",
    blockSize: 8192,
    blocks: 4096,
    status: "ONLINE",
    autoextend: null,
  },
];

/** A container database of two files and two temp files, small enough to read whole. */
export function smallControlFile(options: { readonly archivedLogs?: number } = {}): ControlFile {
  return {
    dbid: 1_497_016_494,
    dbName: "ORCL",
    cdb: true,
    createdAt: at,
    type: "CURRENT",
    logMode: "ARCHIVELOG",
    forceLogging: false,
    sequence: 70_000,
    checkpointScn: 2n ** 47n,
    resetlogsScn: 1n,
    resetlogsAt: at,
    incarnations: [
      {
        number: 1,
        resetlogsScn: 1n,
        resetlogsAt: at,
        priorResetlogsScn: 0n,
        priorResetlogsAt: null,
        status: "CURRENT",
        priorNumber: 0,
      },
    ],
    containers: [
      { conId: 1, name: "CDB$ROOT", guid: "A", dbid: 1, createdScn: 7n, opensWithRoot: true },
      { conId: 3, name: "PDB1", guid: "B", dbid: 2, createdScn: 8n, opensWithRoot: true },
    ],
    tablespaces: [
      { conId: 1, ts: 3, name: "TEMP", contents: "TEMPORARY", bigfile: false, blockSize: 8192 },
      { conId: 3, ts: 3, name: "temp 2", contents: "TEMPORARY", bigfile: false, blockSize: 8192 },
    ],
    datafiles,
    tempfiles,
    threads: [
      {
        thread: 1,
        status: "OPEN",
        enabled: "PUBLIC",
        instance: "orcl",
        sequence: 4,
        checkpointScn: 2_000_000n,
      },
    ],
    logGroups: [
      {
        group: 1,
        thread: 1,
        sequence: 4,
        blockSize: 512,
        bytes: 52_428_800,
        members: ["/u/redo1a.log", "/u/redo1b.log"],
        status: "CURRENT",
        archived: false,
        firstScn: 9n,
        firstAt: at,
        nextScn: null,
      },
    ],
    archivedLogs: Array.from({ length: options.archivedLogs ?? 0 }, (_, i) => archivedLog(i + 1)),
    maxDatafiles: 1024,
    resetlogsRequired: false,
  };
}

function archivedLog(sequence: number): ArchivedLogRecord {
  const range = { firstScn: BigInt(sequence), firstAt: at, nextScn: BigInt(sequence + 1), nextAt: at };
  const size = { blocks: 10, blockSize: 512 };
  const state = { archived: true, deleted: false, status: "A", completedAt: at } as const;
  return {
    recid: sequence,
    destId: 1,
    name: `/a/${sequence}.arc`,
    thread: 1,
    sequence,
    resetlogsScn: 1n,
    resetlogsAt: at,
    ...range,
    ...size,
    ...state,
  };
}
