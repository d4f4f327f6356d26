import type { Instant } from "./instant.ts";
import type { ManifestCold } from "./manifest.ts";
import type { DatabaseName, FilePath, RunId, StepId } from "./names.ts";
import type { SnapshotName, VolumeId } from "./snapshot.ts";

export type RunOutcome = "done" | "failed" | "interrupted";

/** A run as the journal has it. Without `outcome` it is open: it runs, or it died. */
export interface RunRecord {
  readonly id: RunId;
  readonly database: DatabaseName;
  /** Kind of its plan: `hot-backup`. */
  readonly kind: string;
  readonly startedAt: Instant;
  /** The run's own directory. */
  readonly directory?: FilePath;
  readonly endedAt?: Instant;
  readonly outcome?: RunOutcome;
  /** Why it did not succeed, with the code of the error where it has one. */
  readonly error?: string;
}

/** A step as the journal has it. An intent without an end: its effect may or may not have happened. */
export interface StepRecord {
  readonly run: RunId;
  readonly step: StepId;
  readonly position: number;
  readonly title: string;
  readonly state: "intent" | "done" | "failed";
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  /** What the step found or made, or why it failed, as JSON. */
  readonly outcome?: string;
}

/** A backup as the catalog has it: what one successful run made. All but the verdict is also in the manifest. */
export interface CatalogEntry {
  /** The id of the run that made it; `liveId` of a live backup area; the name of a snapshot of one. */
  readonly id: string;
  readonly database: DatabaseName;
  /** Absent in rows that were written before there were cold backups: hot. */
  readonly kind?: "hot" | "cold" | "refreshed" | "snapshot";
  /** Where manifest.json is; of a snapshot, inside it. */
  readonly directory: FilePath;
  /** Of the live area as it was then. */
  readonly snapshot?: SnapshotPlace;
  /** So many of its copies are being rewritten, or were left so; absent for none. */
  readonly dirty?: number;
  /** Hex SHA-256 of manifest.json as it was written. */
  readonly manifestSha256: string;
  readonly finishedAt: Instant;
  readonly dbid: string;
  /** SCNs are decimal text. */
  readonly resetlogsScn: string;
  readonly neededFromScn: string;
  readonly minimumRecoveryScn: string;
  readonly recoverableToScn: string;
  readonly files: number;
  readonly bytes: number;
  /** Of a cold backup; absent in rows from before this was kept. */
  readonly cold?: ColdSummary;
  /** Of snapshots without backup mode: the moment that recovery must be told, as SNAPSHOT TIME takes it. */
  readonly snapshotTime?: string;
  /** `PDB1:USERS`. Absent: the whole database. */
  readonly onlyTablespaces?: readonly string[];
  readonly verifiedAt?: Instant;
  readonly verdict?: "good" | "damaged";
}

/** What a cold backup cost, for the next one's plan. */
export interface ColdSummary {
  readonly mode: ManifestCold["mode"];
  /** From SHUTDOWN sent to the saved state proved. */
  readonly downtimeMs: number;
  /** Of copies while the database was down; absent where they were too short to tell. */
  readonly bytesPerSecond?: number;
}

/** Where a snapshot of a live backup area is kept. */
export interface SnapshotPlace {
  /** Name of the storage in the configuration. */
  readonly storage: string;
  readonly volume: VolumeId;
  readonly name: SnapshotName;
}

/** A database has one live backup area. The catalog holds those of all databases, so its name is in it. */
export function liveId(database: DatabaseName): string {
  return `${database}:live`;
}
