import type { Instant } from "./instant.ts";
import type { DatabaseName, FilePath, RunId, StepId } from "./names.ts";

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
  /** The id of the run that made it. */
  readonly id: string;
  readonly database: DatabaseName;
  /** Absent in rows that were written before there were cold backups: hot. */
  readonly kind?: "hot" | "cold";
  readonly directory: FilePath;
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
  /** `PDB1:USERS`. Absent: the whole database. */
  readonly onlyTablespaces?: readonly string[];
  readonly verifiedAt?: Instant;
  readonly verdict?: "good" | "damaged";
}
