import { crc32 } from "node:zlib";

import { wordsOf } from "../formats/check-value.ts";

/** Two words for each block, by its number: its CRC-32 and its stamp. Lanes fill in different blocks at a time. */
export type BlockHashes = SharedArrayBuffer;

export const HASH_BYTES = 8;

export function noHashes(blocks: number): BlockHashes {
  return new SharedArrayBuffer(blocks * HASH_BYTES);
}

/**
 * Stores the hash of every block of a chunk, and tells which blocks had another one. A change that redo knows of gives
 * the block another SCN or sequence, and any change another CRC-32 but for one in 2^32; both must be the same for a
 * block to be taken for unchanged. (A second hash of the content made a refresh a tenth slower.)
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
    const stamp = stampOf(words, (block * blockSize) >>> 2);
    if (table[2 * block] === crc && table[2 * block + 1] === stamp) continue;
    table[2 * block] = crc;
    table[2 * block + 1] = stamp;
    changed[block] = 1;
  }
  return (offset) => changed[offset / blockSize] === 1;
}

/** An odd number: multiplying by it loses nothing. */
const SPREAD = 0x9e37_79b1;

/**
 * Bytes 8 to 17 of a block in one word: its SCN, sequence and flags, and its check value. Whatever one of the three
 * words of them changes alone changes the stamp.
 */
function stampOf(words: Uint32Array, first: number): number {
  const [scn, sequence, check] = [words[first + 2], words[first + 3], words[first + 4]] as [
    number,
    number,
    number,
  ];
  return (scn ^ Math.imul(sequence, SPREAD) ^ ((check << 16) | (check >>> 16))) >>> 0;
}
