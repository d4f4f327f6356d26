import { assert, bigInt, property } from "fast-check";
import { expect, test } from "vitest";

import { exactNumber } from "../../../../src/adapters/oracledb/rows.ts";

test("no digit of a whole number is ever lost", () => {
  assert(
    property(bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
      expect(String(exactNumber(value.toString()))).toBe(value.toString());
    }),
  );
});

test("NULL stays NULL, and a fraction is a number", () => {
  expect([exactNumber(null), exactNumber("12.5")]).toEqual([null, 12.5]);
});
