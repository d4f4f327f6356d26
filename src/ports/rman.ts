import type { RmanFailureClass, RmanScript } from "../domain/rman.ts";

export interface RmanCall {
  /** For the whole script. A merge reads and writes as much as has changed: hours may be right. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** What RMAN said, line by line, as far as it is understood. Nothing is believed because of it. */
export type RmanEvent =
  | { readonly kind: "connected"; readonly dbid: string | undefined }
  | { readonly kind: "command-started"; readonly command: string }
  | { readonly kind: "command-finished"; readonly command: string }
  | { readonly kind: "channel-started"; readonly channel: string }
  | { readonly kind: "channel-released"; readonly channel: string }
  /** A datafile that is backed up, or whose copy is recovered. */
  | { readonly kind: "datafile"; readonly file: number; readonly path: string }
  /** RMAN makes a full copy of it now: the file had no parent (rule 79). */
  | { readonly kind: "no-parent"; readonly file: number }
  | { readonly kind: "nothing-to-recover"; readonly file: number }
  | { readonly kind: "copy-written"; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: "piece-written"; readonly handle: string; readonly tag: string | undefined }
  | { readonly kind: "copy-recovering"; readonly file: number; readonly path: string }
  | { readonly kind: "piece-applied"; readonly handle: string; readonly tag: string | undefined }
  | { readonly kind: "elapsed"; readonly channel: string; readonly seconds: number }
  | { readonly kind: "piece-deleted"; readonly handle: string }
  | { readonly kind: "snapshot-controlfile"; readonly path: string; readonly isDefault: boolean }
  | { readonly kind: "warning"; readonly code: string; readonly text: string };

export interface RmanReport {
  /** In the order of the output. */
  readonly events: readonly RmanEvent[];
}

/** Why a script did not come to its end, as RMAN's error stack tells it. */
export interface RmanProblem {
  /** Every code of the stack in its order: `RMAN-03009`, `ORA-19566`. */
  readonly codes: readonly string[];
  /** The code that decided the class: the last one that is known, else the last. */
  readonly cause: string;
  readonly class: RmanFailureClass;
  /** The lines of the stack without its frames. */
  readonly text: string;
  /** The server process was lost: what it was at may be done or not, and may go on. */
  readonly lost: boolean;
}

/**
 * Runs one script of `src/plan/rman-script.ts` with Recovery Manager of the database's ORACLE_HOME, as the operating
 * system's user, who needs no password. Resolves when RMAN said that all of it was done, and exited with 0; the caller
 * then asks the database, because a copy is what v$datafile_copy and its header say (rules 79, 83, 128).
 *
 * A script may be run twice: a level 1 more is merged too, what was merged is not applied again, deleted is deleted.
 *
 * Errors, all `UmbraError`:
 * - UMB-5502 with `lost: true`: the outcome is unknown, and the server may still be at work. Ask the database.
 * - UMB-5501, UMB-5504, UMB-5505, UMB-5506, UMB-5507: RMAN refused or failed; what commands before it did, is done. A
 *   failed RECOVER COPY leaves some copies ahead of others (rule 83).
 * - UMB-5503: RMAN said something that is not understood; `lost` is true where the script was to change something.
 * - UMB-72xx and UMB-71xx of the host before RMAN was started: nothing was done.
 */
export interface Rman {
  run(script: RmanScript, call: RmanCall): Promise<RmanReport>;
}
