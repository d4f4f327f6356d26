import * as fc from "fast-check";
import { expect, test } from "vitest";

import { formatScn, maxScn, minScn, parseScn, scn } from "../../../src/domain/scn.ts";

test("an SCN of 64 bits keeps every digit", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      expect(parseScn(formatScn(scn(value)))).toBe(value);
    }),
  );
});

test.each(["-1", "1.5", "1e3", "", " 1", "0x10", "123456789012345678901"])("%j is no SCN", (text) => {
  expect(parseScn(text)).toBeUndefined();
});

test("the lowest and highest of none is none", () => {
  expect([maxScn([]), minScn([])]).toEqual([undefined, undefined]);
  expect([maxScn([scn(2), scn(9), scn(5)]), minScn([scn(2), scn(9), scn(1)])]).toEqual([9n, 1n]);
});
