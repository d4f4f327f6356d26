import type { Instant } from "./instant.ts";
import type { DatabaseName, RunId } from "./names.ts";
import type { SavedState } from "./saved-state.ts";
import type { Scn } from "./scn.ts";
import type { BackupScope, FileIdentity } from "./step.ts";

/** Something that must be undone whatever happens: END BACKUP. On stable storage before its BEGIN (rule 37). */
export interface Obligation {
  /** `<run>/<step>`: the same BEGIN never makes two. */
  readonly id: string;
  readonly run: RunId;
  readonly database: DatabaseName;
  readonly dbid: string;
  readonly resetlogsScn: Scn;
  readonly scope: BackupScope;
  /** All were NOT ACTIVE when this was written. */
  readonly files: readonly FileIdentity[];
  readonly asked: BeginAsked;
  readonly openedAt: Instant;
  /** v$backup.CHANGE# by file number, read after BEGIN (rule 43); absent where the run ended before it. */
  readonly begun?: Readonly<Record<number, Scn>>;
  readonly dischargedAt?: Instant;
}

/**
 * STARTUP, and what belongs to it: the state that the database had. On stable storage before SHUTDOWN is sent; discharged
 * only when the database was seen in that state again (decision 4 of the architecture).
 */
export interface StartupObligation {
  /** `<run>/<step>`. */
  readonly id: string;
  readonly run: RunId;
  readonly database: DatabaseName;
  readonly dbid: string;
  readonly resetlogsScn: Scn;
  readonly saved: SavedState;
  /** v$instance.startup_time of each instance before SHUTDOWN, the host's local time: later ones are new starts. */
  readonly startedAt: readonly { readonly instance: string; readonly at: string }[];
  readonly openedAt: Instant;
  readonly dischargedAt?: Instant;
}

/** What was known right before BEGIN BACKUP: it tells ours from others' where CHANGE# was never read. */
interface BeginAsked {
  /** The database's SCN: a BEGIN of ours has a CHANGE# that is not lower. */
  readonly scn: Scn;
  /** The database host's local time as v$backup.TIME shows it, without a zone. */
  readonly localTime: string;
  /** So long BEGIN may take. */
  readonly deadlineMs: number;
  /** The session that sent BEGIN; absent where it could not be known. */
  readonly session?: SessionIdentity;
}

/** A session that cannot be mistaken for another one that got its number later, on any instance of a cluster. */
export interface SessionIdentity {
  readonly instance: number;
  readonly sid: number;
  readonly serial: number;
  /** The database host's local time, without a zone. */
  readonly logonAt: string;
}
