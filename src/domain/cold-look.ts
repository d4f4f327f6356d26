import type { ManifestKeptFile } from "./manifest.ts";
import type { FilePath } from "./names.ts";
import type { ColdMode } from "./plan.ts";
import type { SavedState } from "./saved-state.ts";

/** What a cold backup must know beside the facts that every backup reads. */
export interface ColdLook {
  /** The state to which the database is brought back. */
  readonly saved: SavedState;
  readonly load: OpenWork;
  /** Of a standby whose apply knows it: seconds behind its primary. */
  readonly applyLagSeconds?: number;
  /** Files that umbra's user cannot read, and why: found out before anything is down. */
  readonly unreadable: readonly { readonly path: FilePath; readonly why: string }[];
  /** There is a way to stop and start the instance. */
  readonly control: boolean;
  /** Why that way does not lead to this database's instances; absent where it does. */
  readonly wrongWay?: string;
  /** The database's host can bring a copy up to date in place. */
  readonly refresh: boolean;
  /** Why the storage cannot take an instantaneous picture of the files; absent where it can. */
  readonly noPicture?: string;
  /** Copies of read-only files that may stand for new ones (rule 30). */
  readonly kept: readonly ManifestKeptFile[];
  /** Bytes per second that the last cold backup copied while the database was down. */
  readonly measuredRate?: number;
  /** How long the last cold backup in each mode had the database down. */
  readonly lastDowntimeMs: Readonly<Partial<Record<ColdMode, number>>>;
}

/** Transactions that SHUTDOWN IMMEDIATE would roll back (rule 29). */
export interface OpenWork {
  readonly transactions: number;
  readonly undoRecords: number;
}
