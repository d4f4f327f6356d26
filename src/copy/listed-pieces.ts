import type { ByteExtent } from "../ports/copier.ts";

/**
 * Pieces of whole blocks that cover all extents within a file of `bytes` bytes: in order, each byte once, none longer
 * than `longest`, which is a multiple of the block size.
 */
export function listedPieces(
  extents: readonly ByteExtent[],
  { bytes, blockSize, longest }: { bytes: number; blockSize: number; longest: number },
): readonly ByteExtent[] {
  const rounded = extents
    .map(({ offset, bytes: length }) => ({
      from: Math.floor(offset / blockSize) * blockSize,
      to: Math.min(bytes, Math.ceil((offset + length) / blockSize) * blockSize),
      empty: length <= 0,
    }))
    .filter(({ empty, from, to }) => !empty && from < to)
    .toSorted((a, b) => a.from - b.from);
  const pieces: ByteExtent[] = [];
  let done = 0;
  for (const { from, to } of rounded) {
    for (let offset = Math.max(from, done); offset < to;) {
      const last = pieces.at(-1);
      const room = last && last.offset + last.bytes === offset ? longest - last.bytes : 0;
      const length = Math.min(to - offset, room > 0 ? room : longest);
      if (last && room > 0) pieces[pieces.length - 1] = { offset: last.offset, bytes: last.bytes + length };
      else pieces.push({ offset, bytes: length });
      offset += length;
      done = offset;
    }
  }
  return pieces;
}
