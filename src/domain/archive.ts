import type { Instant } from "./instant.ts";
import type { FilePath, RunId } from "./names.ts";
import type { Scn } from "./scn.ts";

/** Where redo logs go, as the instance has it now: all that decides about an additional destination. */
export interface ArchiveFacts {
  readonly dbid: string;
  readonly role: string;
  readonly openMode: string;
  readonly logMode: string;
  readonly currentScn: Scn;
  readonly resetlogsId: string;
  /** By number; those that are set, or in use without being set. */
  readonly destinations: readonly ArchiveDestinationState[];
  readonly parameters: readonly ArchiveParameter[];
  readonly spfile?: FilePath;
}

/** One value of LOG_ARCHIVE_… or of the recovery area; `stored`: in the server parameter file. */
export interface ArchiveParameter {
  readonly name: string;
  readonly instance: string;
  readonly value: string;
  readonly stored: boolean;
}

/** A row of v$archive_dest. */
export interface ArchiveDestinationState {
  readonly id: number;
  /** VALID, ERROR, DEFERRED, DISABLED, BAD PARAM, FULL … */
  readonly status: string;
  readonly target: string;
  readonly destination: string;
  readonly binding: string;
  readonly reopenSeconds: number;
  readonly failureCount: number;
  readonly failSequence: number;
  readonly error?: string;
}

/** Which parameter holds umbra's destination. The duplex form has no state of its own. */
export type DestinationSlot =
  | { readonly form: "numbered"; readonly number: number }
  | { readonly form: "duplex" };

/** What umbra changed, with what was there before: so that it can be undone. */
export interface ParameterChange {
  readonly name: string;
  readonly value: string;
  readonly previous: string;
}

/** umbra's own destination of one database, as the state remembers it. */
export interface LogDestination {
  readonly directory: FilePath;
  readonly slot: DestinationSlot;
  readonly changes: readonly ParameterChange[];
  readonly setAt: Instant;
  /** Every log that holds redo from here on is wanted in the area. */
  readonly sinceScn: Scn;
  readonly incarnation: string;
  /** A log was seen to arrive. */
  readonly provedAt?: Instant;
  /** It was to be deferred by umbra, and is owed an ENABLE. On stable storage before DEFER is sent. */
  readonly deferred?: DeferredDestination;
}

export interface DeferredDestination {
  readonly at: Instant;
  readonly run: RunId;
  readonly why: string;
}

/** A row of v$archived_log, or of what it still says of a log whose file has gone. */
export interface LedgerLog {
  readonly destination: number;
  readonly thread: number;
  readonly sequence: number;
  readonly resetlogsId: string;
  readonly firstScn: Scn;
  readonly nextScn: Scn;
  readonly blocks: number;
  readonly blockSize: number;
  readonly archived: boolean;
  readonly deleted: boolean;
  readonly status: string;
  /** YES, NO, IN-MEMORY: of a standby's destination. */
  readonly applied: string;
  readonly standby: boolean;
  /** Since it was archived, by the database's own clock, never below 0. */
  readonly ageSeconds: number;
  readonly path?: FilePath;
}

/** A log that was switched and that the archiver has not done with. */
export interface WaitingLog {
  readonly thread: number;
  readonly sequence: number;
  readonly firstScn: Scn;
  readonly current: boolean;
  readonly archived: boolean;
}

/** What the database tells of archiving, for verification and guard. */
export interface ArchiveLook extends ArchiveFacts {
  readonly ledger: readonly LedgerLog[];
  readonly online: readonly WaitingLog[];
}

/** A file in the log directory of the area, by its own header: names are not trusted. */
export type AreaFile = AreaLog | StrangeFile;

export interface AreaLog {
  readonly kind: "log";
  readonly path: FilePath;
  readonly bytes: number;
  readonly modifiedAt: Instant;
  readonly dbid: string;
  readonly thread: number;
  readonly sequence: number;
  readonly incarnation: string;
  readonly firstScn: Scn;
  readonly nextScn?: Scn;
  readonly blockSize: number;
  /** In what the file differs from its own header; found by reading its blocks too, where that was asked for. */
  readonly problems: readonly string[];
}

export interface StrangeFile {
  readonly kind: "strange";
  readonly path: FilePath;
  readonly bytes: number;
  readonly modifiedAt: Instant;
  readonly problem: string;
}
