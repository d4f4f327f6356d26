import type { CoverageChange } from "./coverage-change.ts";
import type { RetentionConfig } from "./fleet.ts";
import type { Instant } from "./instant.ts";
import type { LogDeletionVerdict, StoredLog } from "./log-deletion.ts";
import type { DatabaseName, FilePath, RunId } from "./names.ts";
import type { Scn } from "./scn.ts";

/** An archived log of the live area that goes: still there and whole until `removeFrom`. */
export interface LogMark extends StoredLog {
  readonly database: DatabaseName;
  readonly dbid: string;
  /** The run that decided it. */
  readonly run: RunId;
  readonly markedAt: Instant;
  readonly removeFrom: Instant;
  /** From here on it counts for nothing any more, and cannot be undone. */
  readonly removingAt?: Instant;
}

/** Below this nobody misses a log: what was there was removed. */
export interface PrunedTo {
  readonly incarnation: string;
  readonly scn: Scn;
}

/** Which archived logs of the live area stay and which go now, with what can be restored before and after. */
export interface LogPruneReport extends CoverageChange {
  /** Hash over the logs that go and the policy: `--apply` refuses another plan than the one that was looked at. */
  readonly id: string;
  readonly database: DatabaseName;
  readonly at: Instant;
  readonly config: RetentionConfig;
  readonly directory: FilePath;
  readonly dbid: string;
  /** By incarnation, thread and sequence. */
  readonly lines: readonly LogPruneLine[];
  /** Of the logs that go. */
  readonly bytes: number;
  /** Whose removal has begun. */
  readonly removing: readonly LogMark[];
  /** Files in the directory that are not recognised as whole logs of this database: they stay. */
  readonly strange: readonly FilePath[];
  /** Logs that end there are not wanted in the area any more; absent while nobody can tell. */
  readonly prunedTo?: PrunedTo;
  /** Why the database could not be asked: nothing goes then. */
  readonly unreachable?: string;
}

export interface LogPruneLine extends LogDeletionVerdict {
  /** It was decided before, and can be undone. */
  readonly mark?: LogMark;
}

/** What the application of a plan did. */
export interface PrunedLogs {
  /** Go from now on, and can be taken back until `removeFrom`. */
  readonly marked: readonly LogMark[];
  /** Were to go, and stay by the present plan. */
  readonly takenBack: readonly LogMark[];
  /** Are seen to be gone. */
  readonly removed: readonly LogMark[];
  /** Wait for their time. */
  readonly waiting: readonly LogMark[];
  /** What could not be done; tried again by the next one. */
  readonly problems: readonly { readonly path: FilePath; readonly problem: string }[];
}
