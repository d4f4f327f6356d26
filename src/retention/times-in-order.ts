import { type Instant, instant } from "../domain/instant.ts";
import type { Scn } from "../domain/scn.ts";

export interface TakenAtScn {
  readonly id: string;
  readonly takenAt: Instant;
  /** What began with the same RESETLOGS. */
  readonly line: string;
  readonly scn: Scn;
}

/** By so much a clock is set back without anybody being wrong: an hour, and a little. */
const SET_BACK_MS = 2 * 3_600_000;

/**
 * When each was taken, so that what holds later changes is never earlier: a clock that was set back by an hour must not make
 * the newest backup look older than the one before it. A clock that was wrong by more is taken as it is: it would draw
 * everything after it along.
 */
export function timesInOrder(taken: readonly TakenAtScn[]): ReadonlyMap<string, Instant> {
  const times = new Map<string, Instant>();
  for (const line of Map.groupBy(taken, (one) => one.line).values()) {
    let last: number | undefined;
    const inOrder = line.toSorted((a, b) => (a.scn < b.scn ? -1 : a.scn > b.scn ? 1 : a.takenAt - b.takenAt));
    for (const { id, takenAt } of inOrder) {
      const isSetBack: boolean = last !== undefined && takenAt <= last && last - takenAt <= SET_BACK_MS;
      last = isSetBack ? (last ?? 0) + 1 : takenAt;
      times.set(id, instant(last));
    }
  }
  return times;
}
