import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { LogVerdict } from "../../../src/domain/log-report.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import type { StandbyLog } from "../../../src/domain/standby.ts";
import { standbyChain } from "../../../src/plan/standby-chain.ts";

function row(sequence: number, first: number, next: number, change: Partial<StandbyLog> = {}): StandbyLog {
  return {
    destination: 1,
    thread: 1,
    sequence,
    resetlogsId: "1001",
    firstScn: scn(first),
    nextScn: scn(next),
    blocks: 8,
    blockSize: 512,
    archived: true,
    deleted: false,
    status: "A",
    applied: "YES",
    standby: false,
    ageSeconds: 0,
    path: `/stby/${sequence}` as FilePath,
    ...change,
  };
}

function log(sequence: number, first?: number, next?: number): LogVerdict {
  return {
    incarnation: "1001",
    thread: 1,
    sequence,
    class: "lost",
    elsewhere: [],
    why: "",
    ...(first === undefined ? {} : { firstScn: scn(first) }),
    ...(next === undefined ? {} : { nextScn: scn(next) }),
  };
}

const report = (...logs: readonly LogVerdict[]) => ({ logs, strange: [] });
const hole = [log(1, 100, 200), log(2), log(3), log(4, 400, 500)];

test("a log fits where the primary's ledger has the same SCNs and as many blocks", () => {
  const { fits } = standbyChain(report(log(2, 200, 300)), [row(2, 200, 300)], []);
  expect(fits(row(2, 200, 300), log(2, 200, 300))).toBe(true);
  expect(fits(row(2, 200, 290), log(2, 200, 300))).toBe(false);
  expect(fits(row(2, 201, 300), log(2, 200, 300))).toBe(false);
  expect(fits(row(2, 200, 300, { blocks: 7 }), log(2, 200, 300))).toBe(false);
  expect(fits(row(2, 200, 300, { resetlogsId: "1002" }), log(2, 200, 300))).toBe(false);
  expect(fits(row(2, 200, 300, { thread: 2 }), log(2, 200, 300))).toBe(false);
});

test("a log between two that are there begins and ends where they do", () => {
  const logs = [log(1, 100, 200), log(2), log(3, 300, 400)];
  const { fits } = standbyChain(report(...logs), [], []);
  expect(fits(row(2, 200, 300), log(2))).toBe(true);
  expect(fits(row(2, 200, 299), log(2))).toBe(false);
  expect(fits(row(2, 199, 300), log(2))).toBe(false);
});

test("into a wider hole the standby's chain fits as a whole, or not at all", () => {
  const whole = [row(2, 200, 300), row(3, 300, 400)];
  expect(whole.map((one, at) => standbyChain(report(...hole), [], whole).fits(one, log(at + 2)))).toEqual([
    true,
    true,
  ]);
  const gap = [row(2, 200, 299), row(3, 300, 400)];
  expect(gap.map((one, at) => standbyChain(report(...hole), [], gap).fits(one, log(at + 2)))).toEqual([
    false,
    false,
  ]);
  const [alone] = whole;
  expect(alone && standbyChain(report(...hole), [], [alone]).fits(alone, log(2))).toBe(false);
});

test("what comes after all that the primary's records tell is not believed", () => {
  const { fits } = standbyChain(report(log(1, 100, 200), log(2)), [], [row(2, 200, 300), row(3, 300, 400)]);
  expect(fits(row(2, 200, 300), log(2))).toBe(false);
});

test("a shorter log of the same name never fits, however wide the hole and wherever in it", () => {
  const lengths = fc.array(fc.integer({ min: 2, max: 50 }), { minLength: 3, maxLength: 12 });
  fc.assert(
    fc.property(lengths, fc.nat(), fc.integer({ min: 1, max: 49 }), (sizes, pick, cut) => {
      const ends = sizes.reduce<number[]>((all, size) => [...all, (all.at(-1) ?? 100) + size], [100]);
      const rows = sizes.map((_, at) => row(at + 1, ends[at] ?? 0, ends[at + 1] ?? 0));
      const last = rows.length - 1;
      const logs = rows.map(({ sequence, firstScn, nextScn }, at) =>
        at === 0 || at === last ? log(sequence, Number(firstScn), Number(nextScn)) : log(sequence),
      );
      const inner = 1 + (pick % (last - 1));
      const short = rows.map((one, at) =>
        at === inner
          ? { ...one, nextScn: scn(Math.max(Number(one.firstScn), Number(one.nextScn) - cut)) }
          : one,
      );
      const wholeChain = standbyChain(report(...logs), [], rows);
      const shortChain = standbyChain(report(...logs), [], short);
      const fit = (chain: typeof wholeChain, all: readonly StandbyLog[]) =>
        all.slice(1, last).map((one, at) => chain.fits(one, logs[at + 1] ?? log(0)));
      expect(fit(wholeChain, rows)).not.toContain(false);
      expect(fit(shortChain, short)).not.toContain(true);
    }),
  );
});
