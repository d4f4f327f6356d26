import type { FilePath } from "./names.ts";
import type { Scn } from "./scn.ts";

/** Commands for RMAN, made by a planner. Holds no secret: the operating system vouches for the user. */
export interface RmanScript {
  readonly text: string;
  /** For people: `incremental backup of 12 datafiles`. */
  readonly action: string;
  /** False where it only looks: then an answer that was lost is no unknown outcome. */
  readonly changes: boolean;
}

/**
 * What to do about a failure of RMAN: ask again later, give it up until somebody changes something, look at the account
 * or ORACLE_HOME, stop everything because blocks are damaged, or make room.
 */
export type RmanFailureClass = "retry" | "refuse" | "environment" | "corruption" | "space";

/** An image copy that the control file lists as available or expired under one tag (v$datafile_copy). */
export interface RmanCopy {
  readonly recid: number;
  readonly file: number;
  readonly path: FilePath;
  readonly creationScn: Scn;
  readonly resetlogsScn: Scn;
  readonly checkpointScn: Scn;
  /** Newest block where it is newer than the checkpoint; 0 otherwise (rule 84). */
  readonly absoluteFuzzyScn: Scn;
  /** undefined: no parent for a level 1. */
  readonly level: number | undefined;
  /** A available, X expired. */
  readonly status: string;
  /** Blocks that were found damaged. */
  readonly corruptBlocks: number;
  readonly blocks: number;
}

/** A level 1 backup set under one tag: what RECOVER COPY reads, and what is deleted after it (rule 85). */
export interface RmanLevelOne {
  /** Key of the set. */
  readonly key: number;
  readonly handle: FilePath;
  readonly bytes: number;
}
