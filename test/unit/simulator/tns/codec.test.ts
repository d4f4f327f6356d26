import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { decodeDate, encodeDate } from "../../../../simulator/tns/date.ts";
import { TtcReader, Underrun } from "../../../../simulator/tns/reader.ts";
import { TtcWriter } from "../../../../simulator/tns/writer.ts";

const LARGEST = 2 ** 48 - 1;

describe("primitive encodings", () => {
  test("integers of six bytes and fewer come back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -LARGEST, max: LARGEST }), (value) => {
        expect(new TtcReader(new TtcWriter().int(value).written).int()).toBe(value);
      }),
    );
  });

  test("an integer that the driver could not read is never sent", () => {
    expect(() => new TtcWriter().int(2 ** 48)).toThrow(RangeError);
  });

  test("byte strings of any length come back, in chunks when they are long", () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 100_000 })), (length) => {
        const bytes = Buffer.alloc(length, 0x5a);
        const read = new TtcReader(new TtcWriter(16).bytes(bytes).written).bytes();
        expect(read?.equals(bytes) ?? length === 0).toBe(true);
      }),
    );
  });

  test("texts come back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const writer = new TtcWriter(1).text(text).longText(text);
        const reader = new TtcReader(writer.written);
        expect([reader.text(), reader.longText(), reader.left]).toEqual([text, text, 0]);
      }),
    );
  });

  test("a reader of a part of the bytes says that more is needed", () => {
    const whole = new TtcWriter().int(70_000).text("a text").bytes(Buffer.alloc(500)).written;
    for (let length = 0; length < whole.length; length += 1) {
      const reader = new TtcReader(whole.subarray(0, length));
      expect(() => [reader.int(), reader.text(), reader.bytes()]).toThrow(Underrun);
    }
  });
});

describe("DATE and TIMESTAMP", () => {
  const date = fc.record({
    kind: fc.constant("date" as const),
    year: fc.integer({ min: 1, max: 9999 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    second: fc.integer({ min: 0, max: 59 }),
    nanos: fc.integer({ min: 0, max: 999_999_999 }),
  });

  test("every field comes back", () => {
    fc.assert(
      fc.property(date, (value) => {
        expect(decodeDate(encodeDate(value, 11))).toEqual(value);
        expect(decodeDate(encodeDate(value, 7))).toEqual({ ...value, nanos: 0 });
      }),
    );
  });

  test("the zone comes back", () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -840, max: 840 }), (value, zoneMinutes) => {
        const zoned = { ...value, zoneMinutes };
        expect(decodeDate(encodeDate(zoned, 13))).toEqual(zoned);
      }),
    );
  });
});
