import type { LedgerLog } from "./archive.ts";
import type { DatabaseName, FilePath } from "./names.ts";

/** A log that a standby has as a file: archived, not deleted, not in ASM. */
export type StandbyLog = LedgerLog & { readonly path: FilePath };

/** What one standby has. */
export interface StandbyLook {
  readonly standby: DatabaseName;
  /** Name of the host where its files are. */
  readonly host: string;
  readonly ledger: readonly StandbyLog[];
  /** Files that are there with the length that the ledger says. Only of logs that were asked for. */
  readonly there: ReadonlySet<FilePath>;
}

/** Why a standby gave nothing, or not all that it should. Nothing else suffers from it. */
export interface StandbyProblem {
  readonly standby: DatabaseName;
  /** A sentence. */
  readonly problem: string;
}
