import type { Instant } from "./instant.ts";
import type { ContainerName, FilePath, TablespaceName } from "./names.ts";
import type { Scn } from "./scn.ts";

/** All that discovery read of one database, at one time. Plain data: planners need nothing else. */
export interface Facts {
  /** Agent's clock when reading began. */
  readonly readAt: Instant;
  readonly identity: DatabaseIdentity;
  readonly instances: readonly InstanceFacts[];
  /** CDB$ROOT first; a non-CDB has one entry, CDB$ROOT, con_id 0. */
  readonly containers: readonly ContainerFacts[];
  readonly tablespaces: readonly TablespaceFacts[];
  readonly datafiles: readonly DatafileFacts[];
  readonly tempfiles: readonly TempfileFacts[];
  readonly controlfiles: readonly FilePath[];
  readonly onlineLogs: readonly OnlineLogFacts[];
  readonly threads: readonly ThreadFacts[];
  readonly archiveDestinations: readonly ArchiveDestinationFacts[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly passwordFile?: FilePath;
  readonly spfile?: FilePath;
  readonly wallets: readonly WalletFacts[];
  readonly blockChangeTracking?: FilePath;
  /** `LOCAL_UNDO_ENABLED` (12.2+); undefined where the version has none. */
  readonly localUndo?: boolean;
  readonly patches: readonly string[];
  /** Privileges of the connected user that umbra looks for: SYSBACKUP, SYSDBA, … */
  readonly sessionPrivileges: readonly string[];
  readonly clock: ClockFacts;
  /** What is known of the backup area's file system; absent where it could not be read. */
  readonly backupArea?: BackupAreaFacts;
}

/** One query, read at the start and again at the end of a run (rule 1). */
export interface DatabaseIdentity {
  readonly dbid: string;
  readonly name: string;
  readonly uniqueName: string;
  readonly role: string;
  readonly openMode: string;
  readonly logMode: string;
  readonly cdb: boolean;
  readonly resetlogsScn: Scn;
  readonly resetlogsId: string;
  readonly controlfileType: string;
  readonly currentScn: Scn;
  readonly forceLogging: boolean;
  readonly platform: string;
}

export interface InstanceFacts {
  readonly number: number;
  readonly name: string;
  readonly host: string;
  readonly version: string;
  readonly edition: string;
  readonly status: string;
  readonly thread: number;
  readonly startedAt: string;
}

export interface ContainerFacts {
  readonly id: number;
  readonly name: ContainerName;
  readonly openMode: string;
  readonly guid?: string;
}

export interface TablespaceFacts {
  readonly container: ContainerName;
  readonly name: TablespaceName;
  readonly number: number;
  readonly bigfile: boolean;
  /** PERMANENT, UNDO, TEMPORARY …; undefined where the container is not open. */
  readonly contents?: string;
  /** ONLINE, OFFLINE, READ ONLY; undefined where the container is not open. */
  readonly status?: string;
}

export interface DatafileFacts {
  /** Absolute file number. With `creationScn` it is the file's identity; the path is not (rule 56). */
  readonly file: number;
  readonly relativeFile: number;
  readonly creationScn: Scn;
  readonly container: ContainerName;
  readonly tablespace: TablespaceName;
  readonly tablespaceNumber: number;
  readonly bigfile: boolean;
  readonly path: FilePath;
  /** v$datafile.status: SYSTEM, ONLINE, OFFLINE, RECOVER, SYSOFF. */
  readonly status: string;
  /** v$datafile.enabled: READ WRITE, READ ONLY, DISABLED. */
  readonly enabled: string;
  /** Without block 0: the file holds `bytes + blockSize`. */
  readonly bytes: number;
  readonly blocks: number;
  readonly blockSize: number;
  readonly checkpointScn: Scn;
  readonly lastScn?: Scn;
  readonly offlineScn?: Scn;
  readonly unrecoverableScn?: Scn;
  /** v$datafile_header; undefined where the header could not be read. */
  readonly header?: { readonly fuzzy: boolean; readonly checkpointScn: Scn; readonly error?: string };
  readonly backup: BackupModeFacts;
}

/** A row of v$backup. */
export interface BackupModeFacts {
  readonly active: boolean;
  /** Checkpoint SCN of the BEGIN BACKUP, 0 where there never was one. */
  readonly changeScn: Scn;
  readonly at?: string;
  /** What v$backup says instead of ACTIVE or NOT ACTIVE where it could not read the header: nothing is known then. */
  readonly problem?: string;
}

export interface TempfileFacts {
  readonly file: number;
  readonly container: ContainerName;
  readonly tablespace: TablespaceName;
  readonly path: FilePath;
  readonly bytes: number;
  readonly autoextensible: boolean;
}

export interface OnlineLogFacts {
  readonly thread: number;
  readonly group: number;
  readonly sequence: number;
  readonly bytes: number;
  readonly status: string;
  readonly members: readonly FilePath[];
}

export interface ThreadFacts {
  readonly thread: number;
  readonly status: string;
  readonly enabled: string;
}

export interface ArchiveDestinationFacts {
  readonly id: number;
  readonly status: string;
  readonly target: string;
  readonly destination: string;
  readonly binding: string;
  readonly error?: string;
}

export interface WalletFacts {
  readonly type: string;
  readonly location: string;
  readonly status: string;
}

export interface ClockFacts {
  /** Database host's UTC and the agent's, read around the same call; `skewMs` is database minus agent. */
  readonly databaseUtc: Instant;
  readonly skewMs: number;
  /** Uncertainty of the skew: half of the call's round trip. */
  readonly uncertaintyMs: number;
  /** Offset of the database host, `+01:00`. */
  readonly offset: string;
}

export interface BackupAreaFacts {
  readonly path: FilePath;
  readonly exists: boolean;
  /** The directory that would hold it is there: false means that the storage is not mounted, or the path is wrong. */
  readonly parentExists: boolean;
  /** Whether a file can be made in it, or in its nearest parent. */
  readonly writable: boolean;
  readonly freeBytes: number;
  /** Datafile directories that lie on the same file system as the backup area. */
  readonly sharedWith: readonly FilePath[];
}

/** A row of v$archived_log of a local destination. */
export interface ArchivedLogFacts {
  readonly destination: number;
  readonly thread: number;
  readonly sequence: number;
  readonly resetlogsId: string;
  readonly resetlogsScn: Scn;
  readonly firstScn: Scn;
  readonly nextScn: Scn;
  readonly blocks: number;
  readonly blockSize: number;
  readonly archived: boolean;
  readonly deleted: boolean;
  /** A available, D deleted, U unavailable, X expired. */
  readonly status: string;
  readonly path: FilePath;
}
