import * as fc from "fast-check";

import { heartbeatsToDrop, type Stretch, stretchesToThin } from "../../../src/retention/thin-heartbeats.ts";
import type { Heartbeat } from "../../../src/domain/heartbeat.ts";
import { type Instant, instant, parseUtc } from "../../../src/domain/instant.ts";
import { scn } from "../../../src/domain/scn.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const utc = (text: string): Instant => {
  const at = parseUtc(text);
  if (at === undefined) throw new Error(text);
  return at;
};

export function beat(at: number, value: number, threads = 1, incarnation = "1"): Heartbeat {
  const sequences = Object.fromEntries(Array.from({ length: threads }, (_, thread) => [thread + 1, 7]));
  return { at: instant(at), scn: scn(value), incarnation, sequences };
}

/** One every so often from a moment on; each ten SCNs later. */
export function beats(from: Instant, count: number, everyMs = MINUTE, firstScn = 1000): readonly Heartbeat[] {
  return Array.from({ length: count }, (_, index) => beat(from + index * everyMs, firstScn + index * 10));
}

/** Of what happens from one heartbeat to the next, mostly nothing; sometimes a gap, or a clock that is set back. */
const passed = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(MINUTE, MINUTE + 7, 2 * MINUTE) },
  { weight: 4, arbitrary: fc.constantFrom(20 * MINUTE, 50 * MINUTE) },
  { weight: 2, arbitrary: fc.constantFrom(2 * HOUR, 3 * HOUR, DAY, 40 * DAY) },
  { weight: 1, arbitrary: fc.constantFrom(-HOUR, -90 * MINUTE, -MINUTE, 0) },
);

/** Minutes of one incarnation, by SCN. */
export const histories = fc
  .array(fc.record({ ms: passed, scns: fc.integer({ min: 1, max: 9 }), thread: fc.nat(19) }), {
    minLength: 1,
    maxLength: 90,
  })
  .map((steps) => {
    let now = { at: utc("2026-10-24T22:00:00Z") as number, scn: 100, threads: 1 };
    return steps.map(({ ms, scns, thread }) => {
      now = { at: now.at + ms, scn: now.scn + scns, threads: thread === 0 ? 3 - now.threads : now.threads };
      return beat(now.at, now.scn, now.threads);
    });
  });

/** How old the last one is. */
export const ages = fc.constantFrom(0, 34 * DAY, 36 * DAY, 300 * DAY, 1000 * DAY);

export function nowAt(history: readonly Heartbeat[], ageMs: number): Instant {
  return instant((history.at(-1)?.at ?? 0) + ageMs);
}

/** As retention thins: what lies between the intervals that can be restored. */
export function dropped(
  history: readonly Heartbeat[],
  now: Instant,
  wanted: readonly Stretch[] = [],
): readonly Heartbeat[] {
  const coverage = [...new Set(history.map(({ incarnation }) => incarnation))].map((incarnation) => {
    const covered = wanted.filter((one) => one.incarnation === incarnation);
    return { incarnation, covered, holes: [], ways: [] };
  });
  return stretchesToThin(coverage, []).flatMap(({ incarnation, from, to }) => {
    const within = (one: Heartbeat) => one.incarnation === incarnation && from <= one.scn && one.scn <= to;
    return heartbeatsToDrop(history.filter(within), now);
  });
}

export function without(history: readonly Heartbeat[], gone: readonly Heartbeat[]): readonly Heartbeat[] {
  return history.filter((one) => !gone.includes(one));
}
