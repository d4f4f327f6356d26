import * as fc from "fast-check";
import { expect, test } from "vitest";

import { joinedExtents } from "../../../storage-adapters/extents.ts";

test("joined extents hold exactly the bytes of the file that the given ones hold, ascending and apart", () => {
  const extent = fc.record({ offset: fc.nat(60), length: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(extent, { maxLength: 12 }), fc.nat(70), (extents, bytes) => {
      const joined = joinedExtents(extents, bytes);
      const covers = (list: typeof joined, byte: number) =>
        list.some(({ offset, length }) => offset <= byte && byte < offset + length);
      for (let byte = 0; byte < 90; byte += 1) {
        expect(covers(joined, byte)).toBe(byte < bytes && covers(extents, byte));
      }
      const ends = joined.map(({ offset, length }) => offset + length);
      expect(
        joined.every(({ offset, length }, at) => length > 0 && (at === 0 || offset > (ends[at - 1] ?? 0))),
      ).toBe(true);
    }),
  );
});
