import { noteHashes, type BlockHashes } from "./block-hashes.ts";

/** How the blocks are found in which a target that holds an older state differs. Plain data: it is sent to the threads. */
export interface InPlace {
  /** `trust`: by their stored hashes alone; otherwise the target is read. */
  readonly trust: boolean;
  /** Bytes of whole blocks that the target holds; what is beyond is written without looking. */
  readonly oldBytes: number;
  /** The stored hashes, and the place of the new ones; filled in with either way. */
  readonly hashes?: BlockHashes;
}

export interface Written {
  readonly blocks: number;
  readonly bytes: number;
}

export type WrittenSum = { -readonly [K in keyof Written]: number };

export function nothingWritten(): WrittenSum {
  return { blocks: 0, bytes: 0 };
}

export function addWritten(sum: WrittenSum, more: Written): void {
  sum.blocks += more.blocks;
  sum.bytes += more.bytes;
}

/** Neighbouring blocks of a chunk that are written together: where they begin and end in it, in bytes. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Exactly the blocks that changed, none in between: a snapshot of the target keeps whatever is written over. */
function runsOf(bytes: number, blockSize: number, isChanged: (offset: number) => boolean): readonly Run[] {
  const runs: Run[] = [];
  let from = -1;
  for (let offset = 0; offset < bytes; offset += blockSize) {
    const changed = isChanged(offset);
    if (changed && from < 0) from = offset;
    if (changed || from < 0) continue;
    runs.push({ from, to: offset });
    from = -1;
  }
  if (from >= 0) runs.push({ from, to: bytes });
  return runs;
}

/**
 * The blocks of a chunk that are to be written, and their hashes noted. `old` is what the target holds there; it may be
 * shorter, the rest is new. It is not looked at where the stored hashes are trusted.
 */
export function runsToWrite(
  inPlace: InPlace,
  chunk: Buffer,
  position: number,
  blockSize: number,
  old: Buffer,
): readonly Run[] {
  const { hashes, oldBytes, trust } = inPlace;
  const hasOtherHash = hashes && noteHashes(hashes, chunk, position / blockSize, blockSize);
  if (trust && hasOtherHash) {
    const isNew = (offset: number) => position + offset >= oldBytes;
    return runsOf(chunk.length, blockSize, (offset) => isNew(offset) || hasOtherHash(offset));
  }
  if (chunk.equals(old)) return [];
  return runsOf(chunk.length, blockSize, (from) => {
    const to = from + blockSize;
    return to > old.length || chunk.compare(old, from, to, from, to) !== 0;
  });
}

/** Bytes that must be read of the target for a chunk. */
export function oldBytesAt({ oldBytes, trust }: InPlace, position: number, length: number): number {
  return trust ? 0 : Math.max(0, Math.min(length, oldBytes - position));
}

export function writtenIn(runs: readonly Run[], blockSize: number): Written {
  const bytes = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  return { bytes, blocks: bytes / blockSize };
}
