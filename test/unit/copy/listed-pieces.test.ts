import * as fc from "fast-check";
import { expect, test } from "vitest";

import { listedPieces } from "../../../src/copy/listed-pieces.ts";

const BLOCK = 8;
const BYTES = 40 * BLOCK;
const LONGEST = 4 * BLOCK;

test("the pieces of any list are its blocks: each once, in order, whole, none too long, none outside", () => {
  const extent = fc.record({ offset: fc.nat(BYTES + 50), bytes: fc.integer({ min: -2, max: 150 }) });
  fc.assert(
    fc.property(fc.array(extent, { maxLength: 12 }), (extents) => {
      const wanted = Array.from({ length: BYTES / BLOCK }, (_, block) => block).filter((block) =>
        extents.some(
          ({ offset, bytes }) => bytes > 0 && offset < (block + 1) * BLOCK && offset + bytes > block * BLOCK,
        ),
      );
      const pieces = listedPieces(extents, { bytes: BYTES, blockSize: BLOCK, longest: LONGEST });
      const found = pieces.flatMap(({ offset, bytes }) =>
        Array.from({ length: bytes / BLOCK }, (_, index) => offset / BLOCK + index),
      );
      expect(found).toEqual(wanted);
      expect(pieces.every(({ bytes }) => bytes > 0 && bytes <= LONGEST)).toBe(true);
    }),
  );
});
