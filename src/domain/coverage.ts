import type { Scn } from "./scn.ts";

/**
 * What can be restored is said in recovery targets: to restore to T brings back every change below SCN T and none from T
 * on, as UNTIL CHANGE T does. Intervals hold both their ends.
 */
export interface ScnInterval {
  readonly from: Scn;
  readonly to: Scn;
}

/** One incarnation of a database: what began with an OPEN RESETLOGS (rules 95, 121). */
export interface Incarnation {
  /** v$database_incarnation.resetlogs_id, unique where two began at the same SCN. */
  readonly id: string;
  readonly resetlogsScn: Scn;
  /** From which it branched off, at `resetlogsScn`; absent for the first. */
  readonly parent?: string;
}

/** A redo thread is needed by every recovery that passes through the time when it was enabled, idle or not (rule 96). */
export interface RedoThread {
  readonly thread: number;
  readonly incarnation: string;
  /** Its first redo; absent: there from the beginning of the incarnation. */
  readonly from?: Scn;
  /** Disabled at; absent: enabled still. */
  readonly to?: Scn;
}

/** A set of image copies from which a restore can begin: a backup, a snapshot, the live backup area. */
export interface RestoreSource {
  readonly id: string;
  readonly incarnation: string;
  readonly files: readonly SourceFile[];
  /** All files were closed cleanly with this checkpoint: without any redo they are the database as of this target. */
  readonly closedAt?: Scn;
  /** Why nothing can be restored from it: dirty copies (rule 70), only some tablespaces, damage found by verification. */
  readonly unusable?: string;
}

/** The SCNs of one copy. It is never one SCN for a database: a refresh that failed leaves some files ahead (rule 83). */
export interface SourceFile {
  readonly file: number;
  readonly creationScn: Scn;
  /** Recovery of this file begins here. */
  readonly checkpointScn: Scn;
  /** Recovery must go so far: highest of checkpoint, END BACKUP and absolute fuzzy SCN (rules 46, 84), as a target. */
  readonly usableFrom: Scn;
}

/** An archived log that is there, checked (rule 94), perhaps in several places. */
export interface RedoLog {
  readonly incarnation: string;
  readonly thread: number;
  readonly sequence: number;
  readonly firstScn: Scn;
  /** Not in it any more. */
  readonly nextScn: Scn;
  /** Ids of the sources it lies beside, or names of areas. */
  readonly places: readonly string[];
}

/** A log that recovery wants and that is not among the checked ones. */
export interface MissingLog {
  readonly incarnation: string;
  readonly thread: number;
  /** Absent where nothing tells it. */
  readonly sequence?: number;
  readonly fromScn: Scn;
}

export interface CoverageInput {
  readonly incarnations: readonly Incarnation[];
  readonly threads: readonly RedoThread[];
  readonly sources: readonly RestoreSource[];
  readonly logs: readonly RedoLog[];
  /** The incarnation that the database is in, and its SCN now. */
  readonly current: { readonly incarnation: string; readonly scn: Scn };
  /** Logs that exist outside the backup area: each hole that one of them would fill says where. */
  readonly elsewhere?: readonly RedoLog[];
}

/** All targets of one incarnation, in order: those that can be restored now, and those between and after them that cannot. */
export interface IncarnationCoverage {
  readonly incarnation: string;
  readonly covered: readonly ScnInterval[];
  readonly holes: readonly CoverageHole[];
  /** What each source reaches with the redo that there is, by their first target; `covered` is their union. */
  readonly ways: readonly RestoreWay[];
}

export interface RestoreWay extends ScnInterval {
  readonly source: string;
  /** Redo is applied from here on. */
  readonly redoFrom: Scn;
}

export interface CoverageHole extends ScnInterval {
  readonly reason: HoleReason;
}

export type HoleReason =
  /** Redo of the source before it ends here. `foundIn`: it exists elsewhere, and would fill the hole if it were copied. */
  | {
      readonly kind: "log-missing";
      readonly source: string;
      readonly log: MissingLog;
      readonly foundIn?: readonly string[];
    }
  /** Redo that is newer than the last archived log: filled by the next log switch. */
  | { readonly kind: "not-archived-yet"; readonly source: string; readonly log: MissingLog }
  /** Every copy is from after it, or cannot be used. */
  | {
      readonly kind: "no-copy";
      readonly unusable: readonly { readonly source: string; readonly why: string }[];
    };
