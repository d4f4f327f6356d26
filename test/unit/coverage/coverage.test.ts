import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { coverage } from "../../../src/coverage/coverage.ts";
import type { CoverageInput, RestoreSource } from "../../../src/domain/coverage.ts";
import { scn } from "../../../src/domain/scn.ts";
import { LAST_SCN, smallHistory } from "./small-history.ts";

/** Recovery change by change: each SCN from the oldest copy to the target needs a log of every thread enabled then. */
function restores(source: RestoreSource, incarnation: string, target: number, input: CoverageInput): boolean {
  if (source.unusable !== undefined) return false;
  const branch = Number(input.incarnations.find((one) => one.id === "2")?.resetlogsScn);
  const own = source.incarnation === incarnation;
  if (!own && source.incarnation === "2") return false;
  const first = Math.max(...source.files.map((file) => Number(file.usableFrom)));
  if (target < first || (!own && (first > branch || target < branch))) return false;
  if (own && source.closedAt !== undefined && Number(source.closedAt) === target) return true;
  const start = Number(source.files[0]?.checkpointScn);
  return targets
    .filter((at) => start <= at && at < target)
    .every((at) => redoIsThere(at, own ? source.incarnation : at < branch ? "1" : "2", input));
}

function redoIsThere(at: number, incarnation: string, { threads, logs }: CoverageInput): boolean {
  return threads
    .filter((one) => one.incarnation === incarnation)
    .filter((one) => Number(one.from ?? 0) <= at && at < Number(one.to ?? Infinity))
    .every(({ thread }) =>
      logs.some(
        (log) =>
          log.incarnation === incarnation && log.thread === thread && log.firstScn <= at && log.nextScn > at,
      ),
    );
}

const targets = Array.from({ length: LAST_SCN + 1 }, (_, target) => target);
const within = (target: number) => (one: { from: bigint; to: bigint }) =>
  one.from <= target && target <= one.to;

describe("coverage", () => {
  test("claims exactly the targets that change-by-change recovery reaches", () => {
    fc.assert(
      fc.property(smallHistory, (input) => {
        for (const { incarnation, covered } of coverage(input)) {
          for (const target of targets) {
            const can = input.sources.some((source) => restores(source, incarnation, target, input));
            expect([incarnation, target, covered.some(within(target))]).toEqual([incarnation, target, can]);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("each way reaches all that it says, by its own source", () => {
    fc.assert(
      fc.property(smallHistory, (input) => {
        for (const { incarnation, ways } of coverage(input)) {
          for (const way of ways) {
            const source = input.sources.find((one) => one.id === way.source);
            for (const target of targets.filter((one) => within(one)(way)))
              expect(source !== undefined && restores(source, incarnation, target, input)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("from the first copy to now, a target is either covered or in one hole with a reason", () => {
    fc.assert(
      fc.property(smallHistory, (input) => {
        const now = coverage(input).find((one) => one.incarnation === input.current.incarnation);
        if (now === undefined || now.covered.length + now.holes.length === 0) return;
        const first = [...now.covered, ...now.holes].reduce(
          (a, b) => (b.from < a ? b.from : a),
          scn(LAST_SCN),
        );
        for (const target of targets.filter((one) => one >= first)) {
          const count = now.covered.filter(within(target)).length + now.holes.filter(within(target)).length;
          expect(count).toBe(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a log that is lost closes off what follows until the next copy, and says which and where else it is", () => {
    const log = (sequence: number, first: number, next: number, place: string) => ({
      incarnation: "1",
      thread: 1,
      sequence,
      firstScn: scn(first),
      nextScn: scn(next),
      places: [place],
    });
    const copy = (id: string, at: number): RestoreSource => ({
      id,
      incarnation: "1",
      files: [{ file: 1, creationScn: scn(0), checkpointScn: scn(at), usableFrom: scn(at + 2) }],
    });
    const [found] = coverage({
      incarnations: [{ id: "1", resetlogsScn: scn(0) }],
      threads: [{ thread: 1, incarnation: "1" }],
      sources: [copy("monday", 5), copy("tuesday", 25)],
      logs: [log(1, 0, 10, "area"), log(3, 20, 30, "area")],
      elsewhere: [log(2, 10, 20, "recovery area")],
      current: { incarnation: "1", scn: scn(35) },
    });
    expect(found?.covered).toEqual([
      { from: 7n, to: 10n },
      { from: 27n, to: 30n },
    ]);
    expect(found?.holes).toEqual([
      {
        from: 11n,
        to: 26n,
        reason: {
          kind: "log-missing",
          source: "monday",
          log: { incarnation: "1", thread: 1, sequence: 2, fromScn: 10n },
          foundIn: ["recovery area"],
        },
      },
      {
        from: 31n,
        to: 35n,
        reason: {
          kind: "not-archived-yet",
          source: "tuesday",
          log: { incarnation: "1", thread: 1, sequence: 4, fromScn: 30n },
        },
      },
    ]);
  });

  test("copies that cannot be used are named as the reason where nothing else is there", () => {
    const dirty: RestoreSource = {
      id: "area",
      incarnation: "1",
      files: [{ file: 1, creationScn: scn(0), checkpointScn: scn(3), usableFrom: scn(4) }],
      unusable: "a refresh did not end",
    };
    const [found] = coverage({
      incarnations: [{ id: "1", resetlogsScn: scn(0) }],
      threads: [{ thread: 1, incarnation: "1" }],
      sources: [dirty],
      logs: [],
      current: { incarnation: "1", scn: scn(9) },
    });
    expect(found?.holes).toEqual([
      {
        from: 4n,
        to: 9n,
        reason: { kind: "no-copy", unusable: [{ source: "area", why: "a refresh did not end" }] },
      },
    ]);
  });
});
