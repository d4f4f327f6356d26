import * as fc from "fast-check";

import type { CoverageInput, RedoLog, RedoThread, RestoreSource } from "../../../src/domain/coverage.ts";
import { scn } from "../../../src/domain/scn.ts";

/** SCNs of the histories are small, so that every target can be tried. */
export const LAST_SCN = 40;

interface Lengths {
  readonly lengths: readonly number[];
  readonly lost: readonly boolean[];
}

/** A history of one database: two incarnations, two threads, logs of which some are lost, copies of which some are bad. */
export const smallHistory: fc.Arbitrary<CoverageInput> = fc
  .record({
    branch: fc.integer({ min: 5, max: LAST_SCN - 5 }),
    secondThread: fc.option(
      fc.record({ from: fc.nat({ max: LAST_SCN }), length: fc.integer({ min: 1, max: LAST_SCN }) }),
      { nil: undefined },
    ),
    redo: fc.array(
      fc.record({
        lengths: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 12, maxLength: 12 }),
        lost: fc.array(
          fc.nat({ max: 5 }).map((n) => n === 0),
          { minLength: 12, maxLength: 12 },
        ),
      }),
      { minLength: 4, maxLength: 4 },
    ),
    copies: fc.array(copyPlan(), { maxLength: 5 }),
  })
  .map(({ branch, secondThread, redo, copies }) => {
    const threads = threadsOf(secondThread);
    const ends = { "1": LAST_SCN, "2": LAST_SCN };
    const logs = threads.flatMap((thread, index) =>
      logsOf(thread, {
        lengths: redo[index] ?? { lengths: [], lost: [] },
        from: thread.incarnation === "2" ? branch : 0,
        to: ends[thread.incarnation as "1" | "2"],
      }),
    );
    return {
      incarnations: [
        { id: "1", resetlogsScn: scn(0) },
        { id: "2", resetlogsScn: scn(branch), parent: "1" },
      ],
      threads,
      sources: copies.map((plan, index) => sourceOf(`copy-${index}`, plan, branch)),
      logs,
      current: { incarnation: "2", scn: scn(LAST_SCN) },
    };
  });

function copyPlan() {
  return fc.record({
    incarnation: fc.constantFrom("1", "2"),
    at: fc.nat({ max: LAST_SCN }),
    ahead: fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 3 }),
    closed: fc.boolean(),
    bad: fc.nat({ max: 4 }).map((n) => n === 0),
  });
}

type CopyPlan = ReturnType<typeof copyPlan> extends fc.Arbitrary<infer T> ? T : never;

function sourceOf(id: string, plan: CopyPlan, branch: number): RestoreSource {
  const at = plan.incarnation === "2" ? Math.max(plan.at, branch) : plan.at;
  const files = plan.ahead.map((ahead, index) => ({
    file: index + 1,
    creationScn: scn(0),
    checkpointScn: scn(at),
    usableFrom: scn(plan.closed ? at : at + ahead),
  }));
  return {
    id,
    incarnation: plan.incarnation,
    files,
    ...(plan.closed ? { closedAt: scn(at) } : {}),
    ...(plan.bad ? { unusable: "found damaged" } : {}),
  };
}

function threadsOf(second: { readonly from: number; readonly length: number } | undefined): RedoThread[] {
  const always = (["1", "2"] as const).map((incarnation): RedoThread => ({ thread: 1, incarnation }));
  if (second === undefined) return always;
  const from = scn(second.from);
  const to = scn(second.from + second.length);
  return [...always, { thread: 2, incarnation: "1", from, to }, { thread: 2, incarnation: "2" }];
}

function logsOf(
  { incarnation, thread, from: begins, to: ends }: RedoThread,
  how: { readonly lengths: Lengths; readonly from: number; readonly to: number },
): readonly RedoLog[] {
  const logs: RedoLog[] = [];
  let first = Math.max(how.from, Number(begins ?? 0));
  const end = Math.min(how.to, Number(ends ?? how.to));
  for (const [index, length] of how.lengths.lengths.entries()) {
    if (first >= end) break;
    const next = Math.min(first + length, end);
    if (how.lengths.lost[index] !== true) {
      const firstScn = scn(first);
      const nextScn = scn(next);
      logs.push({ incarnation, thread, sequence: index + 1, firstScn, nextScn, places: ["area"] });
    }
    first = next;
  }
  return logs;
}
