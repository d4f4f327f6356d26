import type { Extent } from "./contract.ts";

/** Ascending and apart from each other, within a file of that size. */
export function joinedExtents(extents: readonly Extent[], bytes: number): readonly Extent[] {
  const joined: { offset: number; length: number }[] = [];
  for (const { offset, length } of extents.toSorted((a, b) => a.offset - b.offset)) {
    const end = Math.min(bytes, offset + length);
    const last = joined.at(-1);
    if (last !== undefined && offset <= last.offset + last.length) {
      last.length = Math.max(last.length, end - last.offset);
    } else if (end > offset) joined.push({ offset, length: end - offset });
  }
  return joined;
}
