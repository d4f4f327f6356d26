import type { Incarnation } from "./coverage.ts";
import type { LogKey } from "./log-report.ts";
import type { FilePath } from "./names.ts";
import type { Scn } from "./scn.ts";

/** A whole log that lies in the area, and might go. */
export interface StoredLog extends LogKey {
  readonly firstScn: Scn;
  readonly nextScn: Scn;
  readonly path: FilePath;
  readonly bytes: number;
}

/** Somebody who needs redo, for as long as he is there: from here on unless told. */
export type RedoNeed =
  /** A backup, snapshot or live copy that stays; a hold on one (rule 97). `to`: no redo from there on; absent: all. */
  | {
      readonly kind: "source";
      readonly name: string;
      readonly incarnation: string;
      readonly from: Scn;
      readonly to?: Scn;
    }
  /** A guaranteed restore point: FLASHBACK DATABASE applies redo from before it. */
  | {
      readonly kind: "restore-point";
      readonly name: string;
      readonly incarnation: string;
      readonly from: Scn;
    }
  /** V$DATABASE.MIN_REQUIRED_CAPTURE_CHANGE#: Streams, GoldenGate, LogMiner. */
  | { readonly kind: "capture"; readonly name: string; readonly incarnation: string; readonly from: Scn }
  /** A standby that has applied this thread up to and with this sequence of the incarnation. */
  | {
      readonly kind: "standby";
      readonly name: string;
      readonly incarnation: string;
      readonly applied: Readonly<Record<number, number>>;
    };

export interface LogDeletionInput {
  readonly logs: readonly StoredLog[];
  readonly incarnations: readonly Incarnation[];
  readonly needs: readonly RedoNeed[];
  /**
   * Destinations of standbys that could not be asked, and other needs whose extent is not known: while there is one, nothing
   * goes.
   */
  readonly unknown: readonly string[];
}

export interface LogDeletionVerdict {
  readonly log: StoredLog;
  readonly goes: boolean;
  /** Sentences: who needs it, or why nobody does. Never empty. */
  readonly why: readonly string[];
}

export interface LogDeletionPlan {
  /** By incarnation, thread and sequence. */
  readonly verdicts: readonly LogDeletionVerdict[];
  /** Of the logs that go. */
  readonly bytes: number;
}
