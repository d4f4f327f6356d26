import * as fc from "fast-check";
import { expect, test } from "vitest";

import { noHashes, noteHashes } from "../../../src/copy/block-hashes.ts";
import { xxh32 } from "../../../src/copy/xxh32.ts";

const BLOCK = 2048;
const BLOCKS = 6;
const [PRIME_1, PRIME_2, PRIME_3] = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn];
const u32 = (value: bigint) => BigInt.asUintN(32, value);
const turn = (value: bigint, bits: bigint) => u32(value << bits) | (u32(value) >> (32n - bits));

/** The specification, read once more, with numbers that do not overflow. */
function model(bytes: Buffer): number {
  const sums = [PRIME_1 + PRIME_2, PRIME_2, 0n, -PRIME_1];
  for (let at = 0; at < bytes.length; at += 4) {
    const lane = (at / 4) % 4;
    const added = u32((sums[lane] ?? 0n) + BigInt(bytes.readUInt32LE(at)) * PRIME_2);
    sums[lane] = u32(turn(added, 13n) * PRIME_1);
  }
  const [a = 0n, b = 0n, c = 0n, d = 0n] = sums;
  let hash = u32(turn(a, 1n) + turn(b, 7n) + turn(c, 12n) + turn(d, 18n) + BigInt(bytes.length));
  hash = u32((hash ^ (hash >> 15n)) * PRIME_2);
  hash = u32((hash ^ (hash >> 13n)) * PRIME_3);
  return Number(hash ^ (hash >> 16n));
}

test("XXH32 is what its specification says, for any words at any place", () => {
  const words = fc.uint8Array({ minLength: 4, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.nat(3), (content, before) => {
      const bytes = Buffer.alloc(16 * content.length, content);
      const memory = new Uint32Array(before + bytes.length / 4);
      new Uint8Array(memory.buffer).set(bytes, 4 * before);
      expect(xxh32(memory, before, bytes.length / 4)).toBe(model(bytes));
    }),
  );
});

test("a block with any byte changed has another hash, and no other block has", () => {
  const place = fc.nat(BLOCKS * BLOCK - 1);
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 255 }), (at, change) => {
      const content = Buffer.alloc(BLOCKS * BLOCK, "content");
      const hashes = noHashes(2 + BLOCKS);
      noteHashes(hashes, content, 2, BLOCK);
      content[at] = (content[at] ?? 0) ^ change;
      const isChanged = noteHashes(hashes, content, 2, BLOCK);
      const found = Array.from({ length: BLOCKS }, (_, block) => isChanged(block * BLOCK));
      expect(found.indexOf(true)).toBe(Math.floor(at / BLOCK));
      expect(found.filter(Boolean)).toHaveLength(1);
      expect(noteHashes(hashes, content, 2, BLOCK)(0)).toBe(false);
    }),
  );
});
