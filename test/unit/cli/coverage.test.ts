import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { coverageData, coverageStrip, coverageText } from "../../../src/cli/render/coverage.ts";
import type { IncarnationCoverage } from "../../../src/domain/coverage.ts";
import type { CoverageReport } from "../../../src/domain/coverage-report.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { DatabaseName } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";

const coverage: IncarnationCoverage = {
  incarnation: "11",
  covered: [
    { from: scn(100), to: scn(149) },
    { from: scn(180), to: scn(189) },
  ],
  holes: [
    {
      from: scn(150),
      to: scn(179),
      reason: {
        kind: "log-missing",
        source: "monday",
        log: { incarnation: "11", thread: 1, sequence: 7, fromScn: scn(150) },
        foundIn: ["/arch/7.arc"],
      },
    },
    {
      from: scn(190),
      to: scn(199),
      reason: {
        kind: "not-archived-yet",
        source: "tuesday",
        log: { incarnation: "11", thread: 1, fromScn: scn(190) },
      },
    },
  ],
  ways: [
    { source: "monday", from: scn(100), to: scn(149), redoFrom: scn(90) },
    { source: "tuesday", from: scn(180), to: scn(189), redoFrom: scn(170) },
  ],
};
const report: CoverageReport = {
  database: "PROD1" as DatabaseName,
  at: instant(0),
  incarnations: [{ id: "11", resetlogsScn: scn(1) }],
  coverage: [coverage],
  current: { incarnation: "11", scn: scn(199) },
  momentOf: (_, at) => (at === 100n ? { notAfter: instant(60_000) } : {}),
  achievedRpoSeconds: 95,
};

describe("coverage for people", () => {
  test("shows each interval and each hole in order, with what would close it", () => {
    const text = coverageText(report);
    expect(text).toContain("PROD1, incarnation 11, the current one");
    expect(text).toMatch(/100\s+149\s+1970-01-01T00:01:00Z\s+\?\s+from monday/);
    expect(text).toContain("log 7 of thread 1 from SCN 150 is missing: it still lies at /arch/7.arc");
    expect(text.indexOf("HOLE: not archived yet")).toBeGreaterThan(text.indexOf("from tuesday"));
    expect(text).toContain("Would be lost now: the changes of the last 1m35s.");
  });

  test("the strip has a full cell only where every target of it can be restored, and an empty one only where none can", () => {
    expect(coverageStrip(coverage, 10)).toBe("█████···█·");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (cells) => {
        const strip = coverageStrip(coverage, cells).split("");
        const targets = strip.map((_, cell) => [
          100n + (100n * BigInt(cell)) / BigInt(strip.length),
          100n + (100n * BigInt(cell + 1)) / BigInt(strip.length),
        ]);
        const isCovered = (at: bigint) => coverage.covered.some(({ from, to }) => from <= at && at <= to);
        for (const [cell, [first = 0n, next = 0n]] of targets.entries()) {
          const all = Array.from({ length: Number(next - first) }, (_, at) => isCovered(first + BigInt(at)));
          expect(strip[cell]).toBe(all.every(Boolean) ? "█" : all.some(Boolean) ? "▒" : "·");
        }
      }),
    );
  });

  test("as data SCNs are text and every hole has its reason", () => {
    expect(JSON.parse(JSON.stringify(coverageData(report)))).toMatchObject({
      database: "PROD1",
      current: { incarnation: "11", scn: "199" },
      incarnations: [
        {
          resetlogsScn: "1",
          covered: [{ fromScn: "100", toScn: "149", from: "1970-01-01T00:01:00.000Z" }, { fromScn: "180" }],
          holes: [
            { fromScn: "150", reason: { kind: "log-missing", log: { sequence: 7, fromScn: "150" } } },
            { reason: { kind: "not-archived-yet" } },
          ],
          ways: [{ source: "monday", redoFromScn: "90" }, { source: "tuesday" }],
        },
      ],
    });
  });

  test("of a cold backup, which is of one SCN, it says between which moments that was: FROM is never later than TO", () => {
    const cold: IncarnationCoverage = {
      incarnation: "11",
      covered: [{ from: scn(120), to: scn(120) }],
      holes: [],
      ways: [{ source: "sunday", from: scn(120), to: scn(120), redoFrom: scn(120) }],
    };
    const between = { notBefore: instant(60_000), notAfter: instant(3_600_000) };
    const one: CoverageReport = { ...report, coverage: [cold], momentOf: () => between };
    expect(coverageText(one)).toMatch(
      /120 +120 +after 1970-01-01T00:01:00Z +before 1970-01-01T01:00:00Z +from sunday/,
    );
    const ends = { after: "1970-01-01T00:01:00.000Z", before: "1970-01-01T01:00:00.000Z" };
    expect(coverageData(one)).toMatchObject({
      incarnations: [{ covered: [{ fromScn: "120", toScn: "120", ...ends }], ways: [ends] }],
    });
    expect(JSON.stringify(coverageData(one))).not.toMatch(/"(from|to)":/);
  });

  test("where a clock was set back by so much that no order is left, it names no moment", () => {
    const back = { notBefore: instant(3_600_000), notAfter: instant(60_000) };
    const early = { notBefore: instant(3_600_000), notAfter: instant(3_600_000) };
    const momentOf: CoverageReport["momentOf"] = (_, at) => (at === 100n ? early : back);
    const interval = { from: scn(100), to: scn(149) };
    const some = { ...coverage, covered: [interval], holes: [] };
    const one: CoverageReport = { ...report, coverage: [some], momentOf };
    expect(coverageText(one)).toMatch(/100 +149 +1970-01-01T01:00:00Z +1970-01-01T01:00:00Z/);
    const earlier = { notBefore: instant(60_000), notAfter: instant(60_000) };
    const other: CoverageReport = { ...one, momentOf: (_, at) => (at === 100n ? early : earlier) };
    expect(coverageText(other)).toMatch(/100 +149 +\? +\? +from monday/);
  });

  test("without any backup it says so", () => {
    expect(coverageText({ ...report, coverage: [] })).toContain("nothing can be restored");
  });
});
