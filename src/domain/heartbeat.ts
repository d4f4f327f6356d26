import type { Instant } from "./instant.ts";
import type { Scn } from "./scn.ts";

/** What one look at a database told of time and redo together. Kept, so that no time is ever told to Oracle as text. */
export interface Heartbeat {
  /** UTC on the database host. */
  readonly at: Instant;
  readonly scn: Scn;
  /** v$database_incarnation.resetlogs_id. */
  readonly incarnation: string;
  /** Sequence of the current log of each open thread, by thread. */
  readonly sequences: Readonly<Record<number, number>>;
}
