import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { formatUtc, instant, parseUtc } from "../../../src/domain/instant.ts";

/** From year 0 to 9999. */
const moments = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });

describe("instants", () => {
  test("a moment is written as JavaScript's own calendar writes it, leap days and all", () => {
    fc.assert(
      fc.property(moments, (ms) => {
        expect(formatUtc(instant(ms))).toBe(new Date(ms).toISOString());
      }),
      { numRuns: 2_000 },
    );
  });

  test("what was written is read back as the same moment", () => {
    fc.assert(
      fc.property(moments, (ms) => {
        expect(parseUtc(formatUtc(instant(ms)))).toBe(ms);
      }),
    );
  });

  test.each(["2026-11-21T09:33:00", "2026-11-21T09:33:00+01:00", "2026-11-21 09:33:00Z", "yesterday", ""])(
    "a time without UTC is not guessed: %s",
    (text) => {
      expect(parseUtc(text)).toBeUndefined();
    },
  );

  test("fractions finer than a millisecond are cut off", () => {
    expect(parseUtc("2026-11-21T09:33:00.123999Z")).toBe(Date.UTC(2026, 10, 21, 9, 33, 0, 123));
  });
});
