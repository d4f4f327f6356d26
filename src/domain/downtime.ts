import type { ColdMode, OnOverrun } from "./plan.ts";

/** How long a cold backup will take the database down, as far as it can be foreseen. */
export interface PredictedDowntime {
  readonly mode: ColdMode;
  readonly rollbackMs: number;
  /** Of copies that are made while the database is down; absent where their length cannot be foreseen. */
  readonly copyMs?: number;
  /** The rate was measured by an earlier cold backup. */
  readonly measured: boolean;
  /** From SHUTDOWN to the saved state, of the last cold backup in this mode; absent where there was none. */
  readonly lastMs?: number;
  readonly transactions: number;
  readonly undoRecords: number;
  /** Of the files that are copied, whenever. */
  readonly bytes: number;
}

export interface DowntimeLimit {
  /** Absent: any. */
  readonly maxDowntimeMs?: number;
  readonly onOverrun: OnOverrun;
}
