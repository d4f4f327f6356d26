import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  blockScn,
  blockSeq,
  blockTypes,
  judgeBlock,
  neverUsedBlock,
  rdba,
  sealBlock,
} from "../../../../simulator/files/block.ts";
import { isAllZero, xorOfWords } from "../../../../simulator/files/checksum.ts";

const sizes = fc.constantFrom(512, 2048, 4096, 8192, 16_384, 32_768);
const scns = fc.bigInt({ min: 0n, max: 2n ** 48n - 1n });

function filled(blockSize: number, seed: number): Buffer {
  const block = Buffer.alloc(blockSize);
  for (let i = 0; i < blockSize; i += 1) block[i] = (seed * 31 + i * 7) % 251;
  return block;
}

describe("block", () => {
  test("every sealed block XORs to zero, is judged good and gives back its SCN and sequence", () => {
    fc.assert(
      fc.property(sizes, scns, fc.integer({ min: 1, max: 254 }), fc.nat(), (blockSize, scn, seq, seed) => {
        const block = filled(blockSize, seed);
        sealBlock(block, { type: blockTypes.data, rdba: 0x01_80_00_8c, scn, seq });
        expect(xorOfWords(block)).toBe(0);
        expect(judgeBlock(block, { rdba: 0x01_80_00_8c })).toBe("ok");
        expect([blockScn(block), blockSeq(block)]).toEqual([scn, seq]);
      }),
    );
  });

  test("one flipped bit is never taken for a good block", () => {
    fc.assert(
      fc.property(scns, fc.integer({ min: 0, max: 8192 * 8 - 1 }), (scn, bit) => {
        const block = filled(8192, 3);
        sealBlock(block, { type: blockTypes.data, rdba: 130, scn, seq: 7 });
        block[bit >>> 3] = block.readUInt8(bit >>> 3) ^ (1 << (bit & 7));
        // The flag that says whether there is a check value cannot protect itself.
        fc.pre(bit !== 15 * 8 + 2);
        expect(judgeBlock(block, { rdba: 130 })).not.toBe("ok");
      }),
    );
  });

  test("the sum does not depend on how the buffer lies in memory", () => {
    const shifted = Buffer.alloc(8193).subarray(1);
    filled(8192, 9).copy(shifted);
    expect(xorOfWords(shifted)).toBe(xorOfWords(filled(8192, 9)));
    expect([isAllZero(shifted), isAllZero(Buffer.alloc(8193).subarray(1))]).toEqual([false, true]);
  });

  test("a never-used block has the published header and tail", () => {
    const block = neverUsedBlock(8192, 0x01_80_00_8c);
    expect(block.subarray(0, 8).toString("hex")).toBe("00a200008c008001");
    expect(block.subarray(8, 16).toString("hex")).toBe("0000000000000105");
    expect(block.readUInt32LE(8188)).toBe(1);
    expect(judgeBlock(block, { rdba: 0x01_80_00_8c })).toBe("empty");
  });

  test("a smallfile address has file bits, a bigfile address has none", () => {
    expect(rdba({ relativeFile: 6, block: 0x8c, bigfile: false })).toBe(0x01_80_00_8c);
    expect(rdba({ relativeFile: 1023, block: 1, bigfile: false })).toBe(0xff_c0_00_01);
    expect(rdba({ relativeFile: 1024, block: 781, bigfile: true })).toBe(781);
  });

  test("verdicts come in the order in which Oracle tests", () => {
    const make = (change: (block: Buffer) => void) => {
      const block = filled(8192, 5);
      sealBlock(block, { type: blockTypes.data, rdba: 77, scn: 5_000n, seq: 3 });
      change(block);
      return judgeBlock(block, { rdba: 77 });
    };
    const tear = (block: Buffer) => block.fill(0x55, 8188);
    expect(make((block) => block.fill(0))).toBe("all-zero");
    expect(make((block) => tear(block.fill(0x41, 4, 8)))).toBe("bad-header");
    expect(make((block) => (block[14] = 0xff))).toBe("fractured");
    expect(make((block) => (block[4000] = 0))).toBe("checksum");
    expect(make((block) => sealBlock(block, { type: 6, rdba: 77, scn: 1n, seq: 0xff }))).toBe("soft-corrupt");
    expect(make((block) => sealBlock(block, { type: 0x3e, rdba: 77, scn: 1n, seq: 1 }))).toBe("ok");
  });

  test("who knows the block number only still finds a block of another place", () => {
    const block = neverUsedBlock(8192, rdba({ relativeFile: 9, block: 40, bigfile: false }));
    expect([judgeBlock(block, { block: 40 }), judgeBlock(block, { block: 41 })]).toEqual([
      "empty",
      "bad-header",
    ]);
  });
});
