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

/** What every script of one refresh has in common. */
export interface RmanRun {
  /** Of the image copies and of the level 1 backups for them; upper case (rule 81). */
  readonly tag: string;
  /** How many server processes work; Standard Edition uses one. */
  readonly channels: number;
  /** Larger files are read in pieces of this size, by several channels. Absent: each file by one. */
  readonly sectionBytes?: number;
  /** Where level 1 backups lie until they are merged. */
  readonly pieces: FilePath;
  /** Where RMAN puts what it copies for its own reasons: a file whose parent is gone, control file autobackups. */
  readonly strays: FilePath;
}
