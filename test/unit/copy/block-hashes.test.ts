import { crc32 } from "node:zlib";

import * as fc from "fast-check";
import { expect, test } from "vitest";

import { noHashes, noteHashes } from "../../../src/copy/block-hashes.ts";

const BLOCK = 2048;
const BLOCKS = 6;

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

test("a change that CRC-32 does not see is found by the SCN that it gave the block", () => {
  const whole = Buffer.alloc(BLOCK, "content");
  // CRC-32 is linear: a change by its own polynomial, at any place, leaves it as it was.
  const unseen = Buffer.from([0x41, 0x06, 0x71, 0xdb, 0x01]);
  const same = Buffer.from(whole);
  for (const [at, byte] of unseen.entries()) same[at + 8] = (same[at + 8] ?? 0) ^ byte;
  expect(crc32(same)).toBe(crc32(whole));
  const hashes = noHashes(1);
  noteHashes(hashes, whole, 0, BLOCK);
  expect(noteHashes(hashes, same, 0, BLOCK)(0)).toBe(true);
});
