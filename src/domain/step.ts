import type { DatabaseIdentity } from "./facts.ts";
import type { RefreshFind } from "./fleet.ts";
import type { ContainerName, FilePath, StepId, TablespaceName } from "./names.ts";
import type { RmanRun } from "./rman.ts";
import type { Scn } from "./scn.ts";
import type { SnapshotStep } from "./snapshot-step.ts";
import type { SnapshotName } from "./snapshot.ts";
import type { ListBegin, SourceMoment } from "./source-moment.ts";

/** What one BEGIN BACKUP puts into backup mode. `database` means all of a database, with its containers (rule 102). */
export type BackupScope =
  | { readonly level: "tablespace"; readonly container: ContainerName; readonly tablespace: TablespaceName }
  | { readonly level: "database" };

/** What makes a datafile the same file; its path does not (rule 56). */
export interface FileIdentity {
  readonly file: number;
  readonly creationScn: Scn;
}

/** A datafile where it was when the plan was made. */
export interface PlannedFile extends FileIdentity {
  readonly container: ContainerName;
  readonly tablespace: TablespaceName;
  readonly path: FilePath;
}

/** A file that a BEGIN BACKUP is about. */
export interface ScopedFile extends PlannedFile {
  /**
   * True where the file must be ACTIVE after BEGIN. Others may be or not: ALTER DATABASE BEGIN BACKUP passes over
   * read-only, offline and closed files (rule 35).
   */
  readonly required: boolean;
}

/** Why a file may be copied without being in backup mode. */
export type WithoutMarkers = "read-only" | "seed" | "closed" | "offline" | "offline-needs-recovery";

/** How a datafile is made safe to copy. */
export type Protection =
  | { readonly by: "backup-mode"; readonly begin: StepId }
  | { readonly by: "nobody-writes"; readonly why: WithoutMarkers }
  /** No instance runs. */
  | { readonly by: "closed"; readonly state: ClosedState }
  /** Written at any time: its storage keeps the order of its writes, and recovery is told the SNAPSHOT TIME (rule 66). */
  | { readonly by: "snapshot-time" };

/**
 * What the header of a closed database's file must say. `checkpointed`: the checkpoint that SHUTDOWN took.
 * `at-rest`: read only, offline or closed before; its own checkpoint. `offline-needs-recovery`: anything.
 */
export type ClosedState = "checkpointed" | "at-rest" | "offline-needs-recovery";

interface MakeDirectory {
  readonly kind: "make-directory";
  readonly id: StepId;
  readonly path: FilePath;
  /** Of the run's own directory, or the live area: the file that says whose it is (decision 8). */
  readonly marker?: FilePath;
}

export interface BeginBackup {
  readonly kind: "begin-backup";
  readonly id: StepId;
  readonly scope: BackupScope;
  readonly files: readonly ScopedFile[];
}

export interface CopyDatafile extends PlannedFile {
  readonly kind: "copy-datafile";
  readonly id: StepId;
  readonly target: FilePath;
  readonly relativeFile: number;
  readonly bigfile: boolean;
  readonly blockSize: number;
  /** Without block 0, as v$datafile said. */
  readonly blocks: number;
  readonly checkpointScn: Scn;
  readonly protection: Protection;
  /** A copy that was made while the database was open lies at the target: only what differs is written. */
  readonly refresh?: true;
  /** In the live area: a snapshot of the file's storage, taken before the first block is read (source-moment.ts). */
  readonly moment?: SourceMoment;
}

/** Brings a copy of the live backup area forward where it lies: only blocks that differ are written. */
export interface RefreshDatafile extends Omit<CopyDatafile, "kind" | "refresh"> {
  readonly kind: "refresh-datafile";
  /** How the changed blocks are found. Without a list by hashes, without usable hashes it compares. */
  readonly find: RefreshFind;
  /** Where the storage's list of changes begins: a moment from before the copy was brought forward last. */
  readonly changesFrom?: ListBegin;
  /** The copy is compared whole in its turn, after the list. */
  readonly prove?: true;
  /** Outside of the area, so that no snapshot holds it; absent where none are kept. */
  readonly hashes?: FilePath;
  /** What the stored hashes must be of: the run that brought the copy forward last. */
  readonly generation: string;
  /** Nobody wrote the file since the last refresh, if its header still is what the copy's is: nothing is read then. */
  readonly maybeUnchanged: boolean;
}

/** What RMAN does with one datafile: a new full copy, or a level 1 that is merged into the copy there is. */
export interface RmanFile extends Omit<CopyDatafile, "kind" | "id" | "refresh" | "protection"> {
  readonly how: "copy" | "merge";
  readonly needsRecovery: boolean;
}

/** RMAN makes copies and brings them forward. It reads the files itself: none is in backup mode (rule 90). */
export interface RmanRefresh {
  readonly kind: "rman-refresh";
  readonly id: StepId;
  readonly run: RmanRun;
  readonly files: readonly RmanFile[];
}

/** The copies are marked in the manifest, durably, before the first block of any of them is written. */
interface MarkDirty {
  readonly kind: "mark-dirty";
  readonly id: StepId;
  readonly path: FilePath;
  readonly files: readonly FileIdentity[];
}

/** Archived logs that the live area lacks are copied into it; those that the archiver put there are checked. */
export interface CollectLogs {
  readonly kind: "collect-logs";
  readonly id: StepId;
  readonly directory: FilePath;
  readonly width: number;
  /** Wanted from here on, as far as they are to be had: what the area's redo reached. Absent: what the copies need. */
  readonly from?: Scn;
  /** `before`: up to the switch, so that the copies as they are have all redo. `after`: what the new copies need. */
  readonly when: "before" | "after";
}

/** The live area is clean while it is taken. */
interface TakeSnapshot {
  readonly kind: "take-snapshot";
  readonly id: StepId;
  readonly name: SnapshotName;
  readonly when: "before" | "after";
}

/** What the manifest that was just written names no more is removed from the live area. */
interface TidyArea {
  readonly kind: "tidy-area";
  readonly id: StepId;
  readonly directory: FilePath;
}

/** Copies a file while it is written, so that little is left to do when the database is closed. May be torn. */
export interface PreCopyDatafile extends PlannedFile {
  readonly kind: "pre-copy-datafile";
  readonly id: StepId;
  readonly target: FilePath;
  readonly relativeFile: number;
  readonly bigfile: boolean;
  readonly blockSize: number;
  readonly blocks: number;
}

/** Reads a copy that was brought up to date in place, and compares it with what was read of the closed file. */
export interface VerifyCopy extends PlannedFile {
  readonly kind: "verify-copy";
  readonly id: StepId;
  readonly target: FilePath;
  readonly relativeFile: number;
  readonly bigfile: boolean;
  readonly blockSize: number;
}

/** Writes down how the database was, then stops all of it (rules 16, 21, 24). */
export interface ShutDown {
  readonly kind: "shut-down";
  readonly id: StepId;
  readonly mode: "immediate" | "transactional" | "normal";
  /** The written policy: a SHUTDOWN that is stuck becomes an abort with its repair (rule 17). */
  readonly abortWhenStuck: boolean;
}

/** A datafile that is closed with the database. */
export interface ClosedFile extends PlannedFile {
  readonly state: ClosedState;
  /** As v$datafile said. */
  readonly checkpointScn: Scn;
}

/** Proof that the files are consistent, from their headers on disk (rules 18, 19). */
export interface ProveClosed {
  readonly kind: "prove-closed";
  readonly id: StepId;
  readonly files: readonly ClosedFile[];
  readonly controlfiles: readonly FilePath[];
}

/** The storage keeps the files as they are now, under the run's name. */
interface TakePicture {
  readonly kind: "take-picture";
  readonly id: StepId;
  readonly files: readonly FilePath[];
}

interface RemovePicture {
  readonly kind: "remove-picture";
  readonly id: StepId;
}

/** One member; the others are compared with it (rule 10). */
interface CopyControlfile {
  readonly kind: "copy-controlfile";
  readonly id: StepId;
  readonly members: readonly FilePath[];
  readonly target: FilePath;
}

/** One member of an online log group of a NOARCHIVELOG database (rule 9). */
export interface CopyRedo {
  readonly kind: "copy-redo";
  readonly id: StepId;
  readonly thread: number;
  readonly group: number;
  readonly source: FilePath;
  readonly target: FilePath;
}

/** The closed files were not opened by anybody since they were proved (rules 22, 23). */
interface ConfirmClosed {
  readonly kind: "confirm-closed";
  readonly id: StepId;
}

/**
 * From down to the saved state, with a stop in MOUNT, where the instance gives its own word that the files are consistent
 * and are those that were copied (rules 18, 19, 22, 24, 25, 26).
 */
interface StartUp {
  readonly kind: "start-up";
  readonly id: StepId;
}

interface EndBackup {
  readonly kind: "end-backup";
  readonly id: StepId;
  readonly begin: StepId;
  readonly scope: BackupScope;
}

interface SwitchLogs {
  readonly kind: "switch-logs";
  readonly id: StepId;
}

interface WaitForLogs {
  readonly kind: "wait-for-logs";
  readonly id: StepId;
}

export interface CopyLogs {
  readonly kind: "copy-logs";
  readonly id: StepId;
  readonly wait: StepId;
  readonly directory: FilePath;
  readonly width: number;
}

interface BackupControlfile {
  readonly kind: "backup-controlfile";
  readonly id: StepId;
  readonly path: FilePath;
}

interface TraceControlfile {
  readonly kind: "trace-controlfile";
  readonly id: StepId;
  readonly path: FilePath;
}

interface SaveParameters {
  readonly kind: "save-parameters";
  readonly id: StepId;
  readonly path: FilePath;
  /** The server parameter file, or the running instance where there is none. */
  readonly from: "spfile" | "memory";
}

interface CopyFile {
  readonly kind: "copy-file";
  readonly id: StepId;
  readonly what: "spfile" | "password-file";
  readonly source: FilePath;
  readonly target: FilePath;
}

interface ConfirmIdentity {
  readonly kind: "confirm-identity";
  readonly id: StepId;
  readonly expected: DatabaseIdentity;
}

interface WriteManifest {
  readonly kind: "write-manifest";
  readonly id: StepId;
  readonly path: FilePath;
}

/** Steps of which `width` are performed at once, in their order. */
export interface InParallel {
  readonly kind: "in-parallel";
  readonly id: StepId;
  readonly width: number;
  readonly steps: readonly (CopyDatafile | RefreshDatafile | PreCopyDatafile | VerifyCopy)[];
}

/** One effect with a stable name. May be performed twice. */
export type Step =
  | MakeDirectory
  | BeginBackup
  | CopyDatafile
  | EndBackup
  | SwitchLogs
  | WaitForLogs
  | CopyLogs
  | BackupControlfile
  | TraceControlfile
  | SaveParameters
  | CopyFile
  | ConfirmIdentity
  | WriteManifest
  | InParallel
  | PreCopyDatafile
  | VerifyCopy
  | ShutDown
  | ProveClosed
  | TakePicture
  | RemovePicture
  | CopyControlfile
  | CopyRedo
  | ConfirmClosed
  | StartUp
  | RefreshDatafile
  | RmanRefresh
  | MarkDirty
  | CollectLogs
  | TakeSnapshot
  | TidyArea
  | SnapshotStep;

export type StepKind = Step["kind"];
export type StepOf<K extends StepKind> = Extract<Step, { readonly kind: K }>;
