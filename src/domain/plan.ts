import type { PredictedDowntime } from "./downtime.ts";
import type { Facts } from "./facts.ts";
import type { ColdBackupMode, HotBackupMode, RefreshFind } from "./fleet.ts";
import type { ManifestKeptFile, RefreshEngine, RefreshedDatafile, RefreshedManifest } from "./manifest.ts";
import type { DatabaseName, FilePath, RunId, TablespaceName, ContainerName } from "./names.ts";
import type { Warning } from "./refusal.ts";
import type { SavedState } from "./saved-state.ts";
import type { OwnershipTag, SnapshotName, VolumeId } from "./snapshot.ts";
import type { Step } from "./step.ts";

/** What one run will do. Plain data: printed by `--plan`, kept in the journal. */
export type Plan = HotBackupPlan | ColdBackupPlan | AreaPlan | SnapshotBackupPlan;

interface BackupPlan {
  readonly run: RunId;
  readonly database: DatabaseName;
  /** The run's own directory; all that the run writes is below it. */
  readonly directory: FilePath;
  readonly layout: BackupLayout;
  readonly steps: readonly Step[];
  /** Datafiles to copy, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  readonly warnings: readonly Warning[];
  /** What the plan was made from; the manifest records parts of it. */
  readonly facts: Facts;
}

export interface HotBackupPlan extends BackupPlan {
  readonly kind: "hot-backup";
  readonly mode: HotBackupMode;
  /** Absent: the whole database. */
  readonly onlyTablespaces?: readonly TablespaceReference[];
}

/** Always of the whole database (rule 4). */
export interface ColdBackupPlan extends BackupPlan {
  readonly kind: "cold-backup";
  readonly mode: ColdMode;
  /** What the database is brought back to (rule 25). */
  readonly saved: SavedState;
  /** Of a standby, before it is shut down. */
  readonly applyLagSeconds?: number;
  readonly downtime: PredictedDowntime;
  /** Longest time between SHUTDOWN and open again. Absent: any. */
  readonly maxDowntimeMs?: number;
  readonly onOverrun: OnOverrun;
  /** Copies of read-only files in earlier backups, used instead of new ones (rule 30). */
  readonly kept: readonly ManifestKeptFile[];
}

/** What changes the live backup area: `baseline` makes full copies, `refresh` brings them forward. */
export interface AreaPlan extends BackupPlan {
  readonly kind: "baseline" | "refresh";
  readonly engine: RefreshEngine;
  /** The manifest of the area as it was when the plan was made; absent before the first baseline. */
  readonly previous?: RefreshedManifest;
  /** Copies that a baseline of other files leaves as they are. */
  readonly kept: readonly RefreshedDatafile[];
}

/** Snapshots of the volumes on which the datafiles lie. Always of the whole database. */
export interface SnapshotBackupPlan extends BackupPlan {
  readonly kind: "snapshot-backup";
  /** `snapshot-time`: without backup mode (rule 66). */
  readonly mode: SnapshotBackupMode;
  readonly suspend: boolean;
  /** Of each volume one, with whose they are. */
  readonly snapshots: readonly PlannedSnapshot[];
}

export type SnapshotBackupMode = "backup-mode" | "snapshot-time";

export interface PlannedSnapshot {
  readonly storage: string;
  readonly volume: VolumeId;
  readonly mountPoint: FilePath;
  readonly name: SnapshotName;
  readonly tag: OwnershipTag;
}

export interface TablespaceReference {
  readonly container: ContainerName;
  readonly tablespace: TablespaceName;
}

/** Where everything of one backup lies. */
export interface BackupLayout {
  readonly directory: FilePath;
  readonly data: FilePath;
  readonly logs: FilePath;
  readonly control: FilePath;
  readonly parameters: FilePath;
  /** Online redo of a NOARCHIVELOG database, apart from everything that is restored by itself (rule 9). */
  readonly redo: FilePath;
  /** Holds the run's id: a directory without it is not ours to remove. */
  readonly marker: FilePath;
  readonly manifest: FilePath;
}

export interface HotBackupOptions {
  /** `USERS`, or `PDB1:USERS` where several containers have one of that name. Absent: all. */
  readonly tablespaces?: readonly string[];
  readonly parallel?: number;
  readonly mode?: HotBackupMode;
}

/** `auto` was decided. */
export type ColdMode = Exclude<ColdBackupMode, "auto">;
export type OnOverrun = "stop-copy" | "continue";

export interface ColdBackupOptions {
  readonly mode?: ColdBackupMode;
  readonly maxDowntimeMs?: number;
  readonly onOverrun?: OnOverrun;
  readonly parallel?: number;
}

export interface SnapshotBackupOptions {
  /** Without backup mode: recovery is told SNAPSHOT TIME. */
  readonly snapshotTime?: boolean;
  /** ALTER SYSTEM SUSPEND while the snapshots are taken. */
  readonly suspend?: boolean;
  /** Reads every block in the snapshots, after END BACKUP. */
  readonly verify?: boolean;
}

export interface BaselineOptions {
  /** Numbers of the files that are copied anew. Absent: all that lack a good copy. */
  readonly datafiles?: readonly number[];
  readonly parallel?: number;
}

export interface RefreshOptions {
  readonly find?: RefreshFind;
  readonly parallel?: number;
}
