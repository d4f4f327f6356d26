import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Instant, instant, parseUtc } from "../../../src/domain/instant.ts";
import { periodNames } from "../../../src/retention/period-name.ts";

const utc = (text: string): Instant => parseUtc(text) ?? instant(0);
const DAY = 86_400_000;

describe("the name of a period", () => {
  test("the hour that summer time gives back is two hours, and the day still one", () => {
    const name = periodNames("Europe/Berlin");
    const [first, second] = [utc("2026-10-25T00:30:00Z"), utc("2026-10-25T01:30:00Z")];
    expect(name("hourly", first)).toBe("2026-10-25 02h GMT+02:00");
    expect(name("hourly", second)).toBe("2026-10-25 02h GMT+01:00");
    expect(name("daily", first)).toBe(name("daily", second));
  });

  test("midnight is that of the zone", () => {
    expect(periodNames("America/New_York")("daily", utc("2026-11-21T04:59:00Z"))).toBe("2026-11-20");
    expect(periodNames("Asia/Tokyo")("daily", utc("2026-11-21T15:00:00Z"))).toBe("2026-11-22");
  });

  test.each([
    ["2026-01-01T12:00:00Z", "2026-W01"],
    ["2027-01-01T12:00:00Z", "2026-W53"],
    ["2024-12-30T12:00:00Z", "2025-W01"],
    ["2028-02-29T12:00:00Z", "2028-W09"],
    ["2023-01-01T12:00:00Z", "2022-W52"],
  ])("%s lies in week %s", (at, week) => {
    expect(periodNames("UTC")("weekly", utc(at))).toBe(week);
  });

  test("a week has seven days, from Monday on", () => {
    const monday = utc("2026-11-16T00:00:00Z");
    const name = periodNames("UTC");
    fc.assert(
      fc.property(
        fc.integer({ min: -3_000, max: 3_000 }),
        fc.integer({ min: 0, max: 7 * DAY - 1 }),
        (weeks, ms) => {
          const start = instant(monday + weeks * 7 * DAY);
          expect(name("weekly", instant(start + ms))).toBe(name("weekly", start));
          expect(name("weekly", instant(start - 1))).not.toBe(name("weekly", start));
        },
      ),
    );
  });

  test("a zone that is not known is refused", () => {
    expect(() => periodNames("Europe/Nowhere")).toThrow(RangeError);
  });
});
