import { crc32 } from "node:zlib";

import { wordsOf } from "../formats/check-value.ts";
import { xxh32 } from "./xxh32.ts";

/** Two words for each block, by its number: its CRC-32 and its XXH32. Lanes fill in different blocks at a time. */
export type BlockHashes = SharedArrayBuffer;

export const HASH_BYTES = 8;

export function noHashes(blocks: number): BlockHashes {
  return new SharedArrayBuffer(blocks * HASH_BYTES);
}

/**
 * Stores the hash of every block of a chunk, and tells which blocks had another one. Two hashes of different kinds: a
 * change that both miss has a chance of one in 2^64.
 */
export function noteHashes(
  hashes: BlockHashes,
  chunk: Uint8Array,
  firstBlock: number,
  blockSize: number,
): (offset: number) => boolean {
  const words = wordsOf(chunk);
  const count = chunk.length / blockSize;
  const table = new Uint32Array(hashes, firstBlock * HASH_BYTES, 2 * count);
  const changed = new Uint8Array(count);
  for (let block = 0; block < count; block += 1) {
    const crc = crc32(chunk.subarray(block * blockSize, (block + 1) * blockSize));
    const xx = xxh32(words, (block * blockSize) >>> 2, blockSize >>> 2);
    if (table[2 * block] === crc && table[2 * block + 1] === xx) continue;
    table[2 * block] = crc;
    table[2 * block + 1] = xx;
    changed[block] = 1;
  }
  return (offset) => changed[offset / blockSize] === 1;
}
