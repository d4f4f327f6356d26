import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { lost, union } from "../../../src/coverage/intervals.ts";
import type { ScnInterval } from "../../../src/domain/coverage.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { RetentionObject } from "../../../src/domain/retention.ts";
import { scn } from "../../../src/domain/scn.ts";
import { periodNames } from "../../../src/retention/period-name.ts";
import { planRetention, type RetentionInput } from "../../../src/retention/plan-retention.ts";

const DAY = 86_400_000;

interface Case {
  readonly input: RetentionInput;
  readonly covers: ReadonlyMap<string, ScnInterval>;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    objects: fc.array(
      fc.record({
        hours: fc.integer({ min: 0, max: 24 * 800 }),
        good: fc.nat({ max: 4 }).map((n) => n > 0),
        proven: fc.boolean(),
        held: fc.nat({ max: 9 }).map((n) => n === 0),
        used: fc.nat({ max: 9 }).map((n) => n === 0),
        from: fc.nat({ max: 200 }),
        length: fc.nat({ max: 60 }),
      }),
      { maxLength: 25 },
    ),
    keep: fc.record(
      {
        hourly: fc.nat({ max: 5 }),
        daily: fc.nat({ max: 5 }),
        weekly: fc.nat({ max: 4 }),
        monthly: fc.nat({ max: 4 }),
        yearly: fc.nat({ max: 2 }),
      },
      { requiredKeys: [] },
    ),
    zone: fc.constantFrom("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/New_York"),
    minimumGood: fc.nat({ max: 3 }),
    minimumProven: fc.nat({ max: 2 }),
    keepWithinDays: fc.option(fc.nat({ max: 60 }), { nil: undefined }),
    protectedFrom: fc.option(fc.nat({ max: 200 }).map(scn), { nil: undefined }),
  })
  .map(({ objects, keep, zone, minimumGood, minimumProven, keepWithinDays, protectedFrom }): Case => {
    const covers = new Map<string, ScnInterval>();
    const all = objects.map((one, index): RetentionObject => {
      const id = `object-${index}`;
      if (one.good) covers.set(id, { from: scn(one.from), to: scn(one.from + one.length) });
      return {
        id,
        takenAt: instant(Date.UTC(2026, 0, 1) + one.hours * 3_600_000),
        good: one.good,
        proven: one.good && one.proven,
        holds: one.held ? [{ id: "h", object: id, reason: "audit", owner: "ann" }] : [],
        usedBy: one.used ? ["clone c1"] : [],
      };
    });
    return {
      covers,
      input: {
        objects: all,
        policy: {
          zone,
          keep,
          minimumGood,
          minimumProven,
          ...(keepWithinDays === undefined ? {} : { keepWithinMs: keepWithinDays * DAY }),
        },
        now: instant(Date.UTC(2028, 5, 1)),
        periodName: periodNames(zone),
        coveredBy: (ids) => union([...ids].flatMap((id) => covers.get(id) ?? [])),
        ...(protectedFrom === undefined ? {} : { protectedFrom }),
      },
    };
  });

const staying = (input: RetentionInput): ReadonlySet<string> =>
  new Set(planRetention(input).verdicts.flatMap((one) => (one.stays ? [one.id] : [])));
const newest = (objects: readonly RetentionObject[]) =>
  objects.toSorted((a, b) => a.takenAt - b.takenAt || (a.id < b.id ? -1 : 1)).at(-1);
const law = (keep: (one: Case) => void) => fc.assert(fc.property(cases, keep), { numRuns: 400 });

describe("retention", () => {
  test("never removes the last good nor the last proven object, whatever the policy", () => {
    law(({ input }) => {
      const stays = staying(input);
      const good = newest(input.objects.filter((one) => one.good));
      const proven = newest(input.objects.filter((one) => one.proven));
      expect(good === undefined || stays.has(good.id)).toBe(true);
      expect(proven === undefined || stays.has(proven.id)).toBe(true);
    });
  });

  test("never removes what is held or used", () => {
    law(({ input }) => {
      const stays = staying(input);
      const wanted = input.objects.filter((one) => one.holds.length > 0 || one.usedBy.length > 0);
      expect(wanted.filter((one) => !stays.has(one.id))).toEqual([]);
    });
  });

  test("retention of what retention left changes nothing", () => {
    law(({ input }) => {
      const stays = staying(input);
      const left = input.objects.filter((one) => stays.has(one.id));
      expect([...staying({ ...input, objects: left })].toSorted()).toEqual([...stays].toSorted());
    });
  });

  test("nothing protected is lost, and what is given up is what the coverage before and after differ by", () => {
    law(({ input }) => {
      const { before, after, given } = planRetention(input);
      expect(given).toEqual(lost(before, after));
      const from = input.protectedFrom;
      expect(from !== undefined && given.some((one) => one.to >= from)).toBe(false);
    });
  });

  test("where backups stop nothing ages: a year later the same objects stay", () => {
    law(({ input }) => {
      const later = instant(input.now + 365 * DAY);
      expect(staying({ ...input, now: later })).toEqual(staying(input));
    });
  });

  test("every object has a sentence", () => {
    law(({ input }) => {
      const { verdicts } = planRetention(input);
      expect(verdicts).toHaveLength(input.objects.length);
      expect(verdicts.filter((one) => one.why.join("").length === 0)).toEqual([]);
    });
  });

  test("a hold that has expired keeps nothing", () => {
    const one = (id: string, day: number, holds: RetentionObject["holds"]): RetentionObject => ({
      id,
      takenAt: instant(day * DAY),
      good: true,
      proven: false,
      holds,
      usedBy: [],
    });
    const hold = { id: "h", object: "old", reason: "release 7", owner: "ann", expiresAt: instant(5 * DAY) };
    const input: RetentionInput = {
      objects: [one("old", 1, [hold]), one("new", 2, [])],
      policy: { zone: "UTC", keep: {}, minimumGood: 1, minimumProven: 0 },
      now: instant(4 * DAY),
      periodName: periodNames("UTC"),
      coveredBy: () => [],
    };
    expect(planRetention(input).verdicts[0]?.why).toEqual([
      "held by ann until 1970-01-06T00:00:00.000Z: release 7",
    ]);
    expect([...staying({ ...input, now: instant(6 * DAY) })]).toEqual(["new"]);
  });
});
