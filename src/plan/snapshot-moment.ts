import type { ClockFacts } from "../domain/facts.ts";
import { formatUtc, type Instant, instant } from "../domain/instant.ts";

/** What is added to the measured skew: v$ dates are whole seconds, and clocks are set while they are measured. */
const MARGIN_MS = 2_000;
const MINUTE_MS = 60_000;

export interface MomentInput {
  /** When the storage had answered, by umbra's clock. */
  readonly completedAt: Instant;
  /** Against umbra's clock. */
  readonly database: Pick<ClockFacts, "skewMs" | "uncertaintyMs" | "offset">;
  readonly host: Pick<ClockFacts, "skewMs" | "uncertaintyMs">;
}

export interface SnapshotMoment {
  readonly utc: Instant;
  /** The database host's local time, as `SNAPSHOT TIME` takes it: without a zone. */
  readonly local: string;
  readonly databaseSkewMs: number;
  /** The database's clock against that of the host that takes the snapshots. */
  readonly hostSkewMs: number;
  readonly uncertaintyMs: number;
  readonly marginMs: number;
}

/**
 * The end of the snapshots by the database's clock, and later rather than sooner: not before the checkpoint of any file in
 * them (rule 68). Whole seconds, rounded up.
 */
export function snapshotMoment({ completedAt, database, host }: MomentInput): SnapshotMoment {
  const uncertaintyMs = database.uncertaintyMs + host.uncertaintyMs;
  const late = completedAt + database.skewMs + uncertaintyMs + MARGIN_MS;
  const utc = instant(Math.ceil(late / 1_000) * 1_000);
  return {
    utc,
    local: formatUtc(instant(utc + offsetMs(database.offset)))
      .slice(0, 19)
      .replace("T", " "),
    databaseSkewMs: database.skewMs,
    hostSkewMs: database.skewMs - host.skewMs,
    uncertaintyMs,
    marginMs: MARGIN_MS,
  };
}

/** `+01:00`, `-03:30`. */
function offsetMs(offset: string): number {
  const found = /^([+-])(\d\d):(\d\d)$/.exec(offset);
  if (!found) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === "-" ? -minutes : minutes) * MINUTE_MS;
}
