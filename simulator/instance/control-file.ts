import type { RmanRecords } from "./rman/records.ts";

/**
 * What the control file of a simulated database holds: the model, not its bytes (those: ../files/control-file-image.ts).
 * Dates are `Date`s; SCNs are bigints; numbers that Oracle counts from 1 are counted from 1.
 */
export interface ControlFile {
  dbid: number;
  dbName: string;
  cdb: boolean;
  createdAt: Date;
  /** CURRENT, BACKUP (made by BACKUP CONTROLFILE TO), CREATED (by CREATE CONTROLFILE), STANDBY. */
  type: "CURRENT" | "BACKUP" | "CREATED" | "STANDBY";
  logMode: "ARCHIVELOG" | "NOARCHIVELOG";
  forceLogging: boolean;
  /** Bumped by every write of the control file. */
  sequence: number;
  checkpointScn: bigint;
  resetlogsScn: bigint;
  resetlogsAt: Date;
  incarnations: IncarnationRecord[];
  containers: ContainerRecord[];
  tablespaces: TablespaceRecord[];
  datafiles: DatafileRecord[];
  tempfiles: TempfileRecord[];
  threads: ThreadRecord[];
  logGroups: LogGroupRecord[];
  archivedLogs: ArchivedLogRecord[];
  maxDatafiles: number;
  /** True after recovery that ended before the last redo, or with a BACKUP or CREATED file: RESETLOGS is then required. */
  resetlogsRequired: boolean;
  /** Copies and backup sets; absent while RMAN never made or catalogued any. */
  rman?: RmanRecords;
  /** Absent while block change tracking is disabled. */
  changeTracking?: { path: string; bytes: number };
  /** What CONFIGURE SNAPSHOT CONTROLFILE NAME set; absent: the default. */
  snapshotControlfile?: string;
}

export interface IncarnationRecord {
  number: number;
  resetlogsScn: bigint;
  resetlogsAt: Date;
  priorResetlogsScn: bigint;
  priorResetlogsAt: Date | null;
  status: "CURRENT" | "PARENT" | "ORPHAN";
  priorNumber: number;
}

export interface ContainerRecord {
  /** 0 for a non-CDB, 1 CDB$ROOT, 2 PDB$SEED, 3… PDBs. */
  conId: number;
  name: string;
  guid: string;
  dbid: number;
  createdScn: bigint;
  /** State that SAVE STATE would restore; PDBs open with the root where it is true. */
  opensWithRoot: boolean;
  /** How SAVE STATE found it open; READ WRITE for everybody where it is left out. */
  savedState?: { mode: "READ WRITE" | "READ ONLY"; restricted: boolean };
  /** Services that were made by hand. */
  services?: ServiceRecord[];
}

export interface ServiceRecord {
  name: string;
  networkName: string;
  /** It ran when SAVE STATE was given. */
  startsWithContainer: boolean;
}

export interface TablespaceRecord {
  conId: number;
  /** Unique inside the container. */
  ts: number;
  name: string;
  contents: "PERMANENT" | "UNDO" | "TEMPORARY";
  bigfile: boolean;
  blockSize: number;
}

export type DatafileStatus = "SYSTEM" | "ONLINE" | "OFFLINE" | "RECOVER" | "SYSOFF";

export interface DatafileRecord {
  /** Absolute file number, unique in the database. */
  file: number;
  relativeFile: number;
  conId: number;
  ts: number;
  path: string;
  status: DatafileStatus;
  /** DISABLED belongs to files of a tablespace that is offline NORMAL. */
  enabled: "READ WRITE" | "READ ONLY" | "DISABLED";
  blockSize: number;
  /** Without block 0. */
  blocks: number;
  creationScn: bigint;
  creationAt: Date;
  checkpointScn: bigint;
  checkpointAt: Date;
  /** Stop SCN: null while the file is open for writing. */
  lastScn: bigint | null;
  offlineScn: bigint;
  onlineScn: bigint;
  unrecoverableScn: bigint;
  autoextend: { nextBlocks: number; maxBlocks: number } | null;
}

export interface TempfileRecord {
  file: number;
  conId: number;
  ts: number;
  path: string;
  blockSize: number;
  blocks: number;
  status: "ONLINE" | "OFFLINE";
  autoextend: { nextBlocks: number; maxBlocks: number } | null;
}

export interface ThreadRecord {
  thread: number;
  /** OPEN while an instance uses it; OPEN after a crash too, which is how instance recovery is known to be due. */
  status: "OPEN" | "CLOSED";
  enabled: "PUBLIC" | "PRIVATE" | "DISABLED";
  instance: string;
  /** Sequence of the current log. */
  sequence: number;
  checkpointScn: bigint;
}

export interface LogGroupRecord {
  group: number;
  thread: number;
  sequence: number;
  blockSize: number;
  bytes: number;
  members: string[];
  status: "UNUSED" | "CURRENT" | "ACTIVE" | "INACTIVE" | "CLEARING";
  archived: boolean;
  firstScn: bigint;
  firstAt: Date | null;
  /** null for a current log. */
  nextScn: bigint | null;
}

export interface ArchivedLogRecord {
  recid: number;
  destId: number;
  name: string | null;
  thread: number;
  sequence: number;
  resetlogsScn: bigint;
  resetlogsAt: Date;
  firstScn: bigint;
  firstAt: Date;
  nextScn: bigint;
  nextAt: Date;
  blocks: number;
  blockSize: number;
  archived: boolean;
  deleted: boolean;
  status: "A" | "D" | "U" | "X";
  completedAt: Date;
}
