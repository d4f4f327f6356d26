import type { ListBegin } from "./source-moment.ts";

/**
 * The manifest of a backup, as it lies beside it: all that a restore needs to know, written last and atomically.
 * A directory without a manifest is no backup. SCNs and ids are decimal text, times RFC 3339 in UTC, sizes bytes,
 * names relative to the manifest's directory.
 */
export type Manifest = HotManifest | ColdManifest | RefreshedManifest | SnapshotManifest;

export interface HotManifest extends BackupManifest {
  readonly kind: "hot";
}

/** Consistent by itself: opens without recovery. */
export interface ColdManifest extends BackupManifest {
  readonly kind: "cold";
  readonly cold: ManifestCold;
  /** Files of the database whose copies lie in earlier backups (rule 30). */
  readonly kept: readonly ManifestKeptFile[];
  /** Online logs of a NOARCHIVELOG database; never restored over existing ones without an explicit switch (rule 9). */
  readonly onlineRedo: readonly ManifestRedo[];
}

/**
 * The live backup area: image copies that are brought forward for ever, and the archived logs beside them. It is written
 * again by each run, also in between: see `dirty`. More logs than it lists may lie in the area, delivered by the archiver.
 */
export interface RefreshedManifest extends Omit<BackupManifest, "datafiles"> {
  readonly kind: "refreshed";
  readonly engine: RefreshEngine;
  /** The run that wrote it. */
  readonly run: string;
  readonly datafiles: readonly RefreshedDatafile[];
  /** Copies that are being rewritten, or were left so: each is a mixture of two states. Nothing is restored then (rule 70). */
  readonly dirty: readonly DirtyCopy[];
  /** Copies of files that the database does not have any more; they go with the next refresh. */
  readonly dropped: readonly DroppedCopy[];
}

/** What brings copies forward: umbra itself, or RMAN. */
export type RefreshEngine = "blocks" | "rman";

/** A copy with SCNs of its own: it is never one SCN for a database (rule 83). */
export interface RefreshedDatafile extends Omit<ManifestDatafile, "sha256"> {
  /** Absent where the copy was not read as a whole since it was changed. */
  readonly sha256?: string;
  /**
   * Redo for this copy is needed from here: its BEGIN BACKUP or checkpoint; of a file that nobody writes, where it was
   * last seen unchanged.
   */
  readonly recoverFrom: string;
  /** Lowest recovery target that this copy can be part of, as UNTIL CHANGE has it (rules 46, 84). */
  readonly usableFrom: string;
  /** The run that made it, and the one that brought it forward last. */
  readonly madeBy: string;
  readonly refreshedBy: string;
  /** When the copy itself was last read as a whole and compared with its file; absent: never. */
  readonly comparedAt?: string;
  /**
   * A snapshot of the file's own storage from before the copy was brought forward: what its storage lists from there on is
   * what the copy may lack. Absent where none was taken.
   */
  readonly changesFrom?: ListBegin;
}

export interface DirtyCopy {
  readonly file: number;
  readonly creationScn: string;
  /** The run that began to rewrite it, and when. */
  readonly run: string;
  readonly since: string;
}

export interface DroppedCopy {
  readonly file: number;
  readonly creationScn: string;
  readonly name: string;
  /** The run that found it gone. */
  readonly run: string;
}

/**
 * Snapshots of the volumes on which the database lies: the datafiles are in them, everything else is beside the manifest.
 * Recovered as a hot backup; with `snapshotTime` only by RECOVER DATABASE ... SNAPSHOT TIME (rule 66).
 */
export interface SnapshotManifest extends Omit<BackupManifest, "datafiles"> {
  readonly kind: "snapshot";
  readonly datafiles: readonly SnapshotDatafile[];
  readonly snapshots: readonly ManifestSnapshot[];
  /** All writing of the database was suspended while they were taken. */
  readonly suspended: boolean;
  /** Present where no file was in backup mode. */
  readonly snapshotTime?: ManifestSnapshotTime;
}

/** A datafile in a snapshot. `name` is what a copy of it is called; nothing of that name lies beside the manifest. */
export interface SnapshotDatafile extends Omit<ManifestDatafile, "sha256" | "mode"> {
  readonly mode: "backup-mode" | "consistent" | "snapshot-time";
  readonly storage: string;
  readonly volume: string;
  readonly snapshot: string;
  /** Below the volume's mount point, and so below the place where the snapshot is shown. */
  readonly inside: string;
  /** Present where every block in the snapshot was read. */
  readonly sha256?: string;
}

export interface ManifestSnapshot {
  readonly storage: string;
  readonly volume: string;
  readonly mountPoint: string;
  readonly name: string;
  /** The storage's own identity of it: a name can come back, this cannot. */
  readonly id: string;
  /** By the storage's clock. */
  readonly createdAt: string;
  readonly tag: { readonly agent: string; readonly database: string; readonly run: string };
  /** How a person makes its files writable beside the volume, and takes that away; where the storage tells. */
  readonly byHand?: { readonly make: readonly string[]; readonly undo: readonly string[] };
}

/** What a recovery is told, and what it was made from (rules 66, 68, 69). */
export interface ManifestSnapshotTime {
  /** Later than the end of the snapshots by the database's clock, in UTC. */
  readonly utc: string;
  /** The same as the database host's local time: what `SNAPSHOT TIME` takes. */
  readonly local: string;
  /** When the storage had answered, by umbra's clock. */
  readonly completedAt: string;
  /** The database's clock against umbra's, and against the clock of the host that took the snapshots. */
  readonly databaseSkewMs: number;
  readonly hostSkewMs: number;
  readonly uncertaintyMs: number;
  readonly marginMs: number;
}

interface BackupManifest {
  readonly format: 1;
  readonly backup: string;
  readonly database: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** False where only some tablespaces were wanted: it does not restore a database by itself. */
  readonly whole: boolean;
  readonly identity: ManifestIdentity;
  readonly scns: ManifestScns;
  readonly datafiles: readonly ManifestDatafile[];
  /** Dropped while the backup ran, or created too late to be copied: redo describes them (rules 54, 55). */
  readonly absent: readonly ManifestAbsent[];
  readonly logs: readonly ManifestLog[];
  readonly controlfile: ManifestFile;
  readonly controlfileScript: ManifestFile;
  readonly parameterText?: ManifestFile;
  readonly spfile?: ManifestFile;
  readonly passwordFile?: ManifestFile;
  /** For a person without umbra; written from the rest of this manifest. */
  readonly restoreNotes?: ManifestFile;
  /** Recorded, not copied: made again after a restore (rule 7). */
  readonly tempfiles: readonly ManifestTempfile[];
  /** The structure that the control file copy belongs to (rule 6). */
  readonly onlineLogs: readonly ManifestOnlineLog[];
  readonly controlfilePaths: readonly string[];
  /** Where keystores lie; their content is never part of a backup. */
  readonly wallets: readonly { readonly type: string; readonly location: string; readonly status: string }[];
  readonly blockChangeTracking?: string;
  readonly version: string;
  readonly patches: readonly string[];
  readonly notes: readonly string[];
}

/** How the database was closed, and how that was proved. */
export interface ManifestCold {
  readonly consistent: true;
  readonly mode: "plain" | "pre-copy" | "snapshot";
  readonly logMode: string;
  /** Checkpoint of SHUTDOWN: the backup is the database as it was then. */
  readonly checkpointScn: string;
  /** From SHUTDOWN sent to the saved state proved. */
  readonly downtimeSeconds: number;
  /** While the database was down, what was read and how long it took; `snapshot` reads afterwards. */
  readonly copiedBytes: number;
  readonly copySeconds: number;
  readonly proof: ManifestProof;
}

interface ManifestProof {
  /** Datafile headers that were read from disk after SHUTDOWN (rules 18, 19). */
  readonly headersOnDisk: number;
  /** v$datafile and v$datafile_header in MOUNT agreed with them. */
  readonly headersInMount: number;
  readonly controlfileMembers: number;
  /** v$instance.startup_time after the copy, the database host's local time. */
  readonly startedAt: string;
}

export interface ManifestKeptFile extends ManifestDatafile {
  /** The backup that holds the copy, and its directory below the backup area. `name` is relative to it. */
  readonly backup: string;
  readonly directory: string;
}

export interface ManifestRedo extends ManifestFile {
  readonly thread: number;
  readonly group: number;
  readonly source: string;
}

interface ManifestIdentity {
  readonly dbid: string;
  readonly name: string;
  readonly uniqueName: string;
  readonly cdb: boolean;
  readonly resetlogsScn: string;
  readonly resetlogsId: string;
  readonly platform: string;
}

export interface ManifestScns {
  /** Lowest BEGIN BACKUP checkpoint: redo is needed from here (rule 47). */
  readonly neededFrom: string;
  /** At or above the last END BACKUP: recovery must go at least so far (rule 46). */
  readonly minimumRecovery: string;
  /** With the logs of this backup recovery can go up to, and not including, this SCN. */
  readonly recoverableTo: string;
  /** Enabled redo threads: the logs of each are complete from `neededFrom` to `recoverableTo`. */
  readonly threads: readonly number[];
}

export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ManifestDatafile extends ManifestFile {
  readonly file: number;
  readonly creationScn: string;
  readonly relativeFile: number;
  readonly bigfile: boolean;
  readonly container: string;
  readonly tablespace: string;
  readonly source: string;
  readonly blockSize: number;
  /** `rman`: read by RMAN while it was written, block by block whole. */
  readonly mode: "backup-mode" | "consistent" | "rman";
  readonly needsRecovery: boolean;
  /** Checkpoint in the header of the copy: recovery of this file begins here. */
  readonly checkpointScn: string;
  /** The header of the copy has the flag of backup mode (rule 128). */
  readonly hotBackup: boolean;
  readonly resetlogsScn: string;
  readonly blocks: Readonly<Record<string, number>>;
  /** What the source had grown by when the copy ended; redo describes it (rule 54). */
  readonly grownBytes?: number;
}

export interface ManifestLog extends ManifestFile {
  readonly thread: number;
  readonly sequence: number;
  readonly resetlogsId: string;
  readonly firstScn: string;
  readonly nextScn: string;
  readonly blockSize: number;
}

interface ManifestTempfile {
  readonly container: string;
  readonly tablespace: string;
  readonly path: string;
  readonly bytes: number;
  readonly autoextensible: boolean;
}

interface ManifestOnlineLog {
  readonly thread: number;
  readonly group: number;
  readonly bytes: number;
  readonly members: readonly string[];
}

export interface ManifestAbsent {
  readonly file: number;
  readonly creationScn: string;
  readonly source: string;
  readonly why: "dropped" | "created-later";
}
