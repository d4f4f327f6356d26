import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { decodeNumber, encodeNumber } from "../../../../simulator/tns/number.ts";

const plain = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 20n }),
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 18 }),
  )
  .map(([negative, whole, digits]) => {
    const fraction = digits.join("").replace(/0+$/, "");
    const text = fraction === "" ? String(whole) : `${whole}.${fraction}`;
    return negative && text !== "0" ? `-${text}` : text;
  });

describe("NUMBER on the wire", () => {
  test("up to 38 digits come back as they went", () => {
    fc.assert(
      fc.property(plain, (text) => {
        expect(decodeNumber(encodeNumber(text))).toBe(text);
      }),
    );
  });

  test("a safe integer has the same bytes as its text", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(encodeNumber(value)).toEqual(encodeNumber(String(value)));
      }),
    );
  });

  test("bytes sort like the numbers", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        const order = Math.sign(Buffer.compare(encodeNumber(a), encodeNumber(b)));
        expect(order).toBe(Math.sign(a - b));
      }),
    );
  });

  test.each([
    [0, "80"],
    [1, "c102"],
    [100, "c202"],
    [-1, "3e6466"],
    ["0.01", "c002"],
    ["1e20", "cb02"],
    ["123.45", "c202182e"],
    ["-123.45", "3d644e3866"],
  ] as const)("%s is %s, as Oracle stores it", (value, hex) => {
    expect(encodeNumber(value).toString("hex")).toBe(hex);
  });

  test("what is no number is refused", () => {
    expect(() => encodeNumber("twelve")).toThrow("not a number");
    expect(() => encodeNumber("")).toThrow("not a number");
  });
});
