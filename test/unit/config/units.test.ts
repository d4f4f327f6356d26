import { expect, test } from "vitest";

import { parseDuration } from "../../../src/config/duration.ts";
import { parseSize } from "../../../src/config/size.ts";
import { didYouMean, editDistance } from "../../../src/config/suggest.ts";

test("a duration is a number and its unit", () => {
  expect(["500ms", "30s", "10m", "2h", "1d"].map(parseDuration)).toEqual([
    500, 30_000, 600_000, 7_200_000, 86_400_000,
  ]);
});

test("a duration without a unit, with another unit or with anything else is refused", () => {
  expect(["30", "", "s", "-1s", "1.5h", "1 h", "1H", "1h30m", "1w"].map(parseDuration)).toEqual(
    Array(9).fill(undefined),
  );
});

test("a size is a whole number of binary units", () => {
  expect(["0B", "4KiB", "3MiB", "500GiB", "2TiB"].map(parseSize)).toEqual([
    0,
    4096,
    3 * 1024 ** 2,
    500 * 1024 ** 3,
    2 * 1024 ** 4,
  ]);
});

test("a size that can be read in two ways or not counted exactly is refused", () => {
  expect(["500", "500GB", "500G", "1.5GiB", "-1B", "9999999TiB"].map(parseSize)).toEqual(
    Array(6).fill(undefined),
  );
});

test("two swapped letters are one mistake", () => {
  expect(editDistance("parlalel", "parallel")).toBe(1);
});

test("a suggestion is made only for a word that is near", () => {
  expect(didYouMean("PORD1", ["PROD1", "HR"])).toBe('; did you mean "PROD1"?');
  expect(didYouMean("colour", ["PROD1", "HR"])).toBe("");
});
