import type { FilePath } from "./names.ts";
import type { Scn } from "./scn.ts";

/**
 * What is the case with one log that the area should hold. `in-flight`: on its way, and not for long. `delayed`: not here,
 * but it exists elsewhere. `lost`: nowhere. `damaged`: here, and not what it should be.
 */
export type LogClass = "good" | "in-flight" | "delayed" | "lost" | "damaged";

export interface LogKey {
  readonly incarnation: string;
  readonly thread: number;
  readonly sequence: number;
}

export interface LogVerdict extends LogKey {
  readonly class: LogClass;
  /** Absent where nothing tells it: between two logs that are there. */
  readonly firstScn?: Scn;
  readonly nextScn?: Scn;
  /** In the area. */
  readonly path?: FilePath;
  /** Where it lies outside the area. */
  readonly elsewhere: readonly FilePath[];
  /** A sentence: why it has this class. */
  readonly why: string;
}

/** Every log from the first on that the area should hold, by incarnation, thread and sequence. */
export interface LogReport {
  readonly logs: readonly LogVerdict[];
  /** Files in the directory that are no logs of this database. */
  readonly strange: readonly { readonly path: FilePath; readonly problem: string }[];
}
