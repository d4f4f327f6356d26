import type { CoverageChange } from "./coverage-change.ts";
import type { RetentionConfig } from "./fleet.ts";
import type { Instant } from "./instant.ts";
import type { CatalogEntry } from "./journal.ts";
import type { PrunedLogs } from "./log-prune.ts";
import type { DatabaseName } from "./names.ts";
import type { Tombstone } from "./retention.ts";

/** What stays and what goes by the present policy, with what can be restored before and after. */
export interface RetentionReport extends CoverageChange {
  /** Hash over objects, verdicts and policy: `apply` refuses another plan than the one that was looked at. */
  readonly id: string;
  readonly database: DatabaseName;
  readonly at: Instant;
  readonly config: RetentionConfig;
  /** Oldest first. */
  readonly lines: readonly RetentionLine[];
  /** What is being removed already, or could not be removed as a whole. */
  readonly removing: readonly Tombstone[];
  /** Why the database could not be asked. */
  readonly unreachable?: string;
}

export interface RetentionLine {
  readonly object: CatalogEntry;
  readonly takenAt: Instant;
  readonly stays: boolean;
  readonly why: readonly string[];
  /** Backups that hold copies of its files (rule 30). */
  readonly needs: readonly string[];
  /** It was decided before, and can be undone. */
  readonly tombstone?: Tombstone;
}

/** What `apply` did. */
export interface AppliedRetention {
  /** Go from now on, and can be taken back until `removeFrom`. */
  readonly marked: readonly Tombstone[];
  /** Were to go, and stay by the present plan. */
  readonly takenBack: readonly { readonly object: string; readonly why: string }[];
  readonly removed: readonly string[];
  /** Wait for their time. */
  readonly waiting: readonly Tombstone[];
  /** What of removed backups is not umbra's and lies there still. */
  readonly left: readonly string[];
  /** Archived logs of the live area; absent where there are none. */
  readonly logs?: PrunedLogs;
  /** Heartbeats of moments that nothing is restored to: so many were removed. */
  readonly thinned: number;
  /** What could not be done; tried again by the next one. */
  readonly problems: readonly { readonly object: string; readonly problem: string }[];
}
