import type { Extent, FileChange } from "./contract.ts";
import { joinedExtents } from "./extents.ts";
import type { PlainFile } from "./plain-files.ts";

/** What a storage lists of one file; undefined where it is not the same file in both snapshots. */
export function fileChange(
  inside: string,
  before: PlainFile | undefined,
  after: PlainFile | undefined,
  listed: readonly Extent[],
): FileChange | undefined {
  if (before === undefined || after === undefined || before.inode !== after.inode) return undefined;
  // What is past the old end is new, holes as well.
  const grown = { offset: before.bytes, length: Math.max(0, after.bytes - before.bytes) };
  return { inside, bytes: after.bytes, extents: joinedExtents([...listed, grown], after.bytes) };
}
