import { complement, union } from "../coverage/intervals.ts";
import type { CoverageHole, IncarnationCoverage, ScnInterval } from "../domain/coverage.ts";
import type { Heartbeat } from "../domain/heartbeat.ts";
import type { Instant } from "../domain/instant.ts";
import { scn } from "../domain/scn.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So long every heartbeat stays, whatever can be restored: the end of last month can still be named to the minute. */
const ALL_MS = 35 * DAY_MS;
/** From then on one an hour; later one a day. */
const HOURLY_MS = 2 * 365 * DAY_MS;
/** Nobody looked for longer: both ends tell when. One an hour is never so far from the next. */
const GAP_MS = 2 * HOUR_MS;

/** SCNs of one incarnation, with both ends. */
export interface Stretch extends ScnInterval {
  readonly incarnation: string;
}

/** An SCN has 64 bits. */
const ALL_SCNS: ScnInterval = { from: scn(0), to: scn((1n << 64n) - 1n) };

/**
 * Where no moment is asked for, because nothing can be restored to it: between what is covered now, what would be if a log
 * were fetched from where it lies, and `kept`, what each backup reaches by itself.
 */
export function stretchesToThin(
  coverage: readonly IncarnationCoverage[],
  kept: readonly Stretch[],
): readonly Stretch[] {
  return coverage.flatMap(({ incarnation, covered, holes }) => {
    const own = kept.filter((one) => one.incarnation === incarnation);
    const wanted = union([...covered, ...holes.filter(canBeClosed), ...own]);
    return complement(wanted, ALL_SCNS).map(({ from, to }) => ({ incarnation, from, to }));
  });
}

function canBeClosed({ reason }: CoverageHole): boolean {
  return (
    reason.kind === "not-archived-yet" || (reason.kind === "log-missing" && reason.foundIn !== undefined)
  );
}

/**
 * Of all heartbeats of a stretch, by SCN, those that may go: what is old is told by one an hour, what is very old by one a
 * day. Never the first and the last, which what lies beside the stretch is told by; nor the two ends of a gap, of a change
 * of threads, or of a clock that was set back or stood still. So between two that stay time only goes forward, and a
 * translation has the answers it had, each with wider bounds around it; and of what stays nothing goes.
 */
export function heartbeatsToDrop(stretch: readonly Heartbeat[], now: Instant): readonly Heartbeat[] {
  return stretch.filter((beat, index) => {
    const before = stretch[index - 1];
    const after = stretch[index + 1];
    const every = stepOf(now - beat.at);
    if (before === undefined || after === undefined || every === undefined) return false;
    // Between it and a young one lie moments that are young.
    if (stepOf(now - after.at) === undefined) return false;
    if (isBreak(before, beat) || isBreak(beat, after)) return false;
    return slotOf(before, every) === slotOf(beat, every);
  });
}

/** As many as can be judged at once: up to one that stays in any case, because a day begins with it. */
export function wholeDays(stretch: readonly Heartbeat[]): readonly Heartbeat[] {
  const last = stretch.findLastIndex((beat, index) => {
    const before = stretch[index - 1];
    return before !== undefined && slotOf(before, DAY_MS) !== slotOf(beat, DAY_MS);
  });
  return last < 0 ? stretch : stretch.slice(0, last + 1);
}

function stepOf(ageMs: number): number | undefined {
  if (ageMs <= ALL_MS) return undefined;
  return ageMs <= HOURLY_MS ? HOUR_MS : DAY_MS;
}

/** In UTC: no summer time is in it. */
function slotOf({ at }: Heartbeat, everyMs: number): number {
  return Math.floor(at / everyMs);
}

function isBreak(one: Heartbeat, next: Heartbeat): boolean {
  const passed = next.at - one.at;
  return passed <= 0 || passed > GAP_MS || threadsOf(one) !== threadsOf(next);
}

function threadsOf({ sequences }: Heartbeat): string {
  return Object.keys(sequences).join();
}
