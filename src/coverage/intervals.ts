import type { ScnInterval } from "../domain/coverage.ts";
import { type Scn, scn } from "../domain/scn.ts";

/** The targets that are in any of them, as few intervals as possible, in order. Neighbours without a gap become one. */
export function union(intervals: readonly ScnInterval[]): readonly ScnInterval[] {
  const merged: { from: Scn; to: Scn }[] = [];
  for (const { from, to } of intervals.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = merged.at(-1);
    if (last === undefined || from > last.to + 1n) merged.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return merged;
}

/** The targets of the window that are in none of them. `covered` is a union. */
export function complement(covered: readonly ScnInterval[], window: ScnInterval): readonly ScnInterval[] {
  const gaps: ScnInterval[] = [];
  let next = window.from;
  for (const { from, to } of covered) {
    if (from > next) gaps.push({ from: next, to: from - 1n < window.to ? scn(from - 1n) : window.to });
    if (to >= next) next = scn(to + 1n);
    if (next > window.to) break;
  }
  if (next <= window.to) gaps.push({ from: next, to: window.to });
  return gaps.filter((gap) => gap.from <= gap.to);
}

/** Targets of `before` that are not in `after`: what would be lost. Both are unions. */
export function lost(before: readonly ScnInterval[], after: readonly ScnInterval[]): readonly ScnInterval[] {
  return before.flatMap((one) => complement(after, one));
}
