import type { InstanceState } from "../engine/engine.ts";
import type { SqlValue } from "../engine/values.ts";
import type { ControlFile, DatafileRecord } from "./control-file.ts";
import type { ServerBackups } from "./rman/server-backups.ts";
import type { StandbyApplyView } from "./standby-apply.ts";
import type { ServiceAction, ServiceView } from "./services.ts";

/**
 * The simulated instance as the SQL layer sees it: state to show in views, and the operations behind statements.
 * Every operation throws OraError with the code a real instance gives, and leaves nothing half done.
 * Operations on a container take its conId; 0 in a non-CDB.
 */
export interface Instance {
  readonly state: InstanceState;
  readonly openMode: "MOUNTED" | "READ WRITE" | "READ ONLY" | null;
  readonly restricted: boolean;
  /** Never in the same second as the start before. */
  readonly startedAt: Date;
  /** Mode of the SHUTDOWN that is at work. */
  readonly stopping: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | undefined;
  /** 12.2, 19c or 23ai, with the five-number version. */
  readonly profile: InstanceProfile;
  /** undefined before MOUNT. Read only for the SQL layer. */
  readonly controlFile: ControlFile | undefined;
  readonly controlFilePaths: readonly string[];
  /** Initialisation parameters, lower-case names; ALTER SYSTEM SET goes through `setParameter`. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly spfilePath: string | undefined;
  readonly passwordFilePath: string | undefined;
  /** Instances that have the database open, one a redo thread (RAC). */
  readonly openInstances: readonly { number: number; name: string; thread: number; startedAt: Date }[];
  /** Instances that have the database mounted, open or not. */
  readonly mountedInstances: readonly MountedInstance[];
  /** What SHUTDOWN waits for, or ends: the SQL layer assigns its own. */
  sessions: { active(): number; endAll(): Promise<void> };
  currentScn(): bigint;
  now(): Date;
  /** Read from the file on disk, as v$datafile_header does: `error` is FILE NOT FOUND, WRONG FILE TYPE, OFFLINE NORMAL… */
  datafileHeader(file: DatafileRecord): DatafileHeaderView;
  /** v$backup, a row for each datafile. */
  backupMode(file: DatafileRecord): {
    status: "ACTIVE" | "NOT ACTIVE" | "FILE NOT FOUND" | "OFFLINE NORMAL" | "UNKNOWN ERROR";
    changeScn: bigint;
    at: Date | null;
  };
  readonly archiveDestinations: readonly ArchiveDestinationView[];
  /** A log waits and no required destination takes it: ORA-00257 for new normal sessions. */
  readonly archiverStuck: boolean;
  pdbOpenMode(conId: number): "MOUNTED" | "READ WRITE" | "READ ONLY";
  /** v$transaction: open transactions. */
  readonly activeTransactions: readonly {
    conId: number;
    usedUndoRecords: number;
    startScn: bigint;
    startedAt: Date;
  }[];
  /** Past timestamps to SCNs, for AS OF TIMESTAMP and UNTIL TIME. */
  scnAt(time: Date): bigint;

  startup(options: { to: "NOMOUNT" | "MOUNT" | "OPEN"; restricted?: boolean; pfile?: string }): Promise<void>;
  mount(): Promise<void>;
  open(mode: "READ WRITE" | "READ ONLY" | "RESETLOGS"): Promise<void>;
  /** ALTER DATABASE CLOSE, DISMOUNT: the instance does not open it again (ORA-16196). */
  close(): Promise<void>;
  dismount(): Promise<void>;
  shutdown(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT"): Promise<void>;
  openPdb(conId: number, mode: "READ WRITE" | "READ ONLY" | "RESETLOGS", restricted?: boolean): Promise<void>;
  closePdb(conId: number): Promise<void>;
  /** SAVE STATE and DISCARD STATE: the PDB opens with the root as it is open now, with the services that run. */
  savePdbState(conId: number, keep: boolean): Promise<void>;
  /** Whether only RESTRICTED SESSION lets into the PDB. */
  pdbRestricted(conId: number): boolean;
  restrictPdb(conId: number, restricted: boolean): Promise<void>;
  /** undefined where it was not opened since the database was mounted. */
  pdbOpenedAt(conId: number): Date | undefined;
  /** Services that DBMS_SERVICE made; empty unless the database is open. */
  readonly services: readonly ServiceView[];
  /** DBMS_SERVICE: ORA-44303 there already, ORA-44304 not there, ORA-44305 runs, ORA-44311 does not run. */
  changeService(
    conId: number,
    service: { readonly name: string; readonly networkName?: string },
    action: ServiceAction,
  ): Promise<void>;

  beginBackup(scope: BackupScope): Promise<void>;
  endBackup(scope: BackupScope): Promise<void>;
  /** ALTER SYSTEM SWITCH LOGFILE: this thread only. ARCHIVE LOG CURRENT: all enabled threads, waits for the archiver. */
  switchLogfile(): Promise<void>;
  archiveLogCurrent(): Promise<void>;
  /** ARCHIVE LOG ALL: what is full and not archived, also while mounted. ORA-00271 where there is none. */
  archiveLogAll(): Promise<void>;
  checkpoint(): Promise<void>;
  /** ALTER SYSTEM SUSPEND: v$instance.database_status. */
  readonly suspended: boolean;
  /** No write to datafiles and control files is under way when it resolves, and none begins before RESUME. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  /** MRP0 of a physical standby, while it runs. */
  readonly standbyApply: StandbyApplyView | undefined;
  readonly applyLagSeconds: number;
  /** ORA-01665 on a primary, ORA-01153 where it runs already. `wait`: without DISCONNECT, until it is cancelled. */
  startApply(how: { readonly realTime: boolean; readonly wait: boolean }): Promise<void>;
  /** ORA-16136 where it does not run. */
  cancelApply(): Promise<void>;
  backupControlfile(path: string, reuse: boolean): Promise<void>;
  /** What the server does for RMAN. ORA-01507 before MOUNT. */
  readonly serverBackups: ServerBackups;
  backupControlfileToTrace(
    path: string,
    options: { reuse: boolean; variant: "BOTH" | "RESETLOGS" | "NORESETLOGS" },
  ): Promise<void>;
  createControlfile(spec: CreateControlfileSpec): Promise<void>;
  createPfile(path: string, from?: "memory"): Promise<void>;
  /** ORA-00264 where nothing was to be recovered. Logs are searched in `from`, then where the control file knows them. */
  recover(spec: RecoverSpec): Promise<void>;

  createTablespace(conId: number, spec: TablespaceSpec): Promise<void>;
  dropTablespace(
    conId: number,
    name: string,
    includingContents: boolean,
    andDatafiles: boolean,
  ): Promise<void>;
  addFile(conId: number, tablespace: string, spec: FileSpec, kind: "DATAFILE" | "TEMPFILE"): Promise<void>;
  dropFile(
    conId: number,
    tablespace: string,
    file: FileReference,
    kind: "DATAFILE" | "TEMPFILE",
  ): Promise<void>;
  resizeFile(file: FileReference, bytes: number): Promise<void>;
  autoextendFile(file: FileReference, setting: { nextBytes: number; maxBytes: number } | null): Promise<void>;
  renameFile(from: string, to: string): Promise<void>;
  /** ALTER DATABASE MOVE DATAFILE: online, the instance copies. */
  moveDatafile(file: FileReference, to: string): Promise<void>;
  /** ALTER DATABASE CREATE DATAFILE 'old' AS 'new': empty, for a file that recovery found in the redo only (ORA-01111). */
  createDatafile(file: FileReference, path: string): Promise<void>;
  offlineDatafile(file: FileReference, forDrop: boolean): Promise<void>;
  onlineDatafile(file: FileReference): Promise<void>;
  setTablespace(
    conId: number,
    name: string,
    to: "READ ONLY" | "READ WRITE" | "ONLINE" | "OFFLINE NORMAL" | "OFFLINE TEMPORARY" | "OFFLINE IMMEDIATE",
  ): Promise<void>;
  createPluggableDatabase(spec: { name: string; fileNameConvert: readonly [string, string] }): Promise<void>;
  dropPluggableDatabase(name: string): Promise<void>;

  setParameter(name: string, value: string, scope: "MEMORY" | "SPFILE" | "BOTH"): Promise<void>;
  setLogMode(mode: "ARCHIVELOG" | "NOARCHIVELOG"): Promise<void>;
  setForceLogging(on: boolean): Promise<void>;

  /** User tables of a container, from the dictionary in its SYSTEM tablespace. */
  tables(conId: number): readonly TableDefinition[];
  createTable(conId: number, table: Omit<TableDefinition, "objectId">): Promise<TableDefinition>;
  dropTable(conId: number, objectId: number): Promise<void>;
  /**
   * Rows as committed at `scn` (default now), with the transaction's own changes where one is given.
   * Read from blocks through the buffer cache: a damaged block is ORA-01578 with ORA-01110; an SCN older than undo is ORA-01555.
   */
  readRows(
    conId: number,
    objectId: number,
    options?: { scn?: bigint; transaction?: Transaction },
  ): Iterable<StoredRow>;
  begin(conId: number): Transaction;
}

/** One user transaction. Row locks: a change of a row that another transaction changed waits, or ORA-00060 on a cycle. */
export interface Transaction {
  readonly conId: number;
  insert(objectId: number, values: readonly SqlValue[]): Promise<RowAddress>;
  update(objectId: number, row: RowAddress, values: readonly SqlValue[]): Promise<RowAddress>;
  delete(objectId: number, row: RowAddress): Promise<void>;
  /** Holds the row from now on. True where somebody else held it before: what was read of it may be old. */
  lock(objectId: number, row: RowAddress): Promise<boolean>;
  /** A mark to which `rollbackTo` returns: statements that fail leave nothing behind. */
  savepoint(): number;
  rollbackTo(savepoint: number): Promise<void>;
  /** Durable in the online log when it resolves; gives the commit SCN. */
  commit(): Promise<bigint>;
  rollback(): Promise<void>;
}

export interface RowAddress {
  readonly file: number;
  readonly block: number;
  readonly slot: number;
}

export interface StoredRow {
  readonly address: RowAddress;
  readonly values: readonly SqlValue[];
}

export interface TableDefinition {
  readonly objectId: number;
  readonly owner: string;
  readonly name: string;
  readonly tablespace: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
}

export interface InstanceProfile {
  readonly name: "12.2" | "19c" | "23ai";
  readonly version: readonly [number, number, number, number, number];
  readonly edition: "EE" | "SE2";
}

export interface MountedInstance {
  readonly number: number;
  readonly name: string;
  readonly thread: number;
  readonly startedAt: Date;
  readonly state: InstanceState;
  readonly restricted: boolean;
  /** undefined: the host of the one that asks. */
  readonly node: string | undefined;
}

export interface DatafileHeaderView {
  readonly status: "ONLINE" | "OFFLINE";
  readonly error: string | null;
  readonly recover: "YES" | "NO" | null;
  readonly fuzzy: "YES" | "NO" | null;
  readonly checkpointScn: bigint;
  readonly checkpointAt: Date | null;
  readonly checkpointCount: number;
  readonly creationScn: bigint;
  readonly resetlogsScn: bigint;
  readonly resetlogsAt: Date | null;
  readonly bytes: number;
  readonly blocks: number;
}

export interface ArchiveDestinationView {
  readonly id: number;
  readonly destination: string;
  readonly binding: "MANDATORY" | "OPTIONAL";
  /** VALID, INACTIVE, DEFERRED, ERROR, DISABLED, BAD PARAM, ALTERNATE, FULL. */
  readonly status: string;
  readonly reopenSeconds: number;
  readonly failureCount: number;
  readonly failSequence: number;
  readonly error: string | null;
}

export type BackupScope =
  | { readonly level: "tablespace"; readonly conId: number; readonly name: string }
  | { readonly level: "database" }
  | { readonly level: "pdb"; readonly conId: number }
  | { readonly level: "datafile"; readonly file: FileReference };

export type FileReference = { readonly number: number } | { readonly path: string };

export interface FileSpec {
  readonly path: string;
  readonly bytes: number;
  readonly reuse: boolean;
  readonly autoextend: { readonly nextBytes: number; readonly maxBytes: number } | null;
}

export interface TablespaceSpec {
  readonly name: string;
  readonly contents: "PERMANENT" | "UNDO" | "TEMPORARY";
  readonly bigfile: boolean;
  readonly blockSize: number;
  readonly files: readonly FileSpec[];
}

export interface CreateControlfileSpec {
  readonly dbName: string;
  readonly resetlogs: boolean;
  readonly archivelog: boolean;
  readonly forceLogging: boolean;
  readonly reuse: boolean;
  readonly maxDatafiles: number;
  readonly logGroups: readonly {
    readonly group: number;
    readonly thread: number;
    readonly members: readonly string[];
    readonly bytes: number;
    readonly blockSize: number;
  }[];
  readonly datafiles: readonly string[];
}

/** ALTER DATABASE RECOVER …: `until.scn` is exclusive (UNTIL CHANGE n recovers changes before n), time is exclusive too. */
export interface RecoverSpec {
  readonly scope:
    | { readonly level: "database" }
    | { readonly level: "tablespace"; readonly conId: number; readonly names: readonly string[] }
    | { readonly level: "datafile"; readonly files: readonly FileReference[] };
  readonly until?: { readonly scn: bigint } | { readonly time: Date } | "CANCEL";
  readonly usingBackupControlfile: boolean;
  /**
   * SNAPSHOT TIME: copies that were open, and not in backup mode, hold nothing newer. They are whole where recovery goes
   * past it.
   */
  readonly snapshotTime?: Date;
  /** Directory with archived logs, searched first (RECOVER … FROM 'dir'). */
  readonly from?: string;
}
