import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { blockJudge, type BlockExpectation } from "../../../src/formats/block-verdict.ts";
import { fieldsOf } from "../../../src/formats/byte-order.ts";
import { checkValueHolds, wordsOf, xorResidue } from "../../../src/formats/check-value.ts";
import { redoJudge } from "../../../src/formats/redo-verdict.ts";
import { address, archivedLog, BLOCK, dataBlock } from "./oracle-file.ts";

const smallfile: BlockExpectation = { blockSize: BLOCK, byteOrder: "little", relativeFile: 7 };
const judge = (block: Buffer, number = 2, expected = smallfile) =>
  blockJudge({ ...expected, blockSize: block.length })(block, wordsOf(block), 0, number);
const good = (fill?: (b: Buffer) => void) => dataBlock({ address: address(7, 2), ...(fill ? { fill } : {}) });

describe("published blocks", () => {
  test("text written over a block reads as the header that DBV printed", () => {
    const fields = fieldsOf(Buffer.from("'Em verdade vos digo", "latin1"), "little");
    expect([fields.u8(0), fields.u8(1) & 0x0f, fields.u32(4), fields.u32(8), fields.u16(12)]).toEqual([
      39, 5, 0x64726576, 0x20656461, 0x6f76,
    ]);
    expect([fields.u8(14), fields.u8(15), fields.u16(16), fields.u16(18)]).toEqual([
      0x73, 0x20, 0x6964, 0x6f67,
    ]);
  });

  test("the wanted check value is the stored one with the residue", () => {
    const block = good((b) => b.fill(0x5a, 100, 300));
    block[200] = 0x5a ^ 1;
    const residue = xorResidue(wordsOf(block), 0, BLOCK / 4);
    expect(residue).toBe(1);
    block.writeUInt16LE(block.readUInt16LE(16) ^ residue, 16);
    expect(checkValueHolds(block)).toBe(true);
  });
});

describe("verdicts in Oracle's order", () => {
  test("a sound block is ok, of any type", () => {
    for (let type = 1; type < 256; type += 1) {
      expect(judge(dataBlock({ type, address: address(7, 2) }))).toBe("ok");
    }
  });

  test("an all-zero block is damage, a formatted unused one is not", () => {
    expect(judge(Buffer.alloc(BLOCK))).toBe("all-zero");
    const unused = (at: number) => dataBlock({ type: 0, scn: 0, flags: 5, address: at });
    expect(judge(unused(2))).toBe("empty");
    expect(judge(unused(address(7, 2)))).toBe("empty");
    expect(judge(unused(address(6, 2)))).toBe("bad-header");
  });

  test("a wrong address goes before a torn tail, a torn tail before the check value", () => {
    const block = good();
    block[BLOCK - 1] = 9;
    expect(judge(block, 3)).toBe("bad-header");
    expect(judge(block)).toBe("fractured");
    block[4] = 9;
    expect(judge(block)).toBe("bad-header");
  });

  test("a valid check value does not make up for a torn tail", () => {
    const block = good();
    block[14] = 0xff;
    block.writeUInt16LE(block.readUInt16LE(16) ^ xorResidue(wordsOf(block), 0, BLOCK / 4), 16);
    expect(judge(block)).toBe("fractured");
  });

  test("a block that the database marked is soft corrupt", () => {
    expect(judge(dataBlock({ address: address(7, 2), seq: 0xff }))).toBe("soft-corrupt");
  });

  test("without the flag no check value is compared", () => {
    const block = dataBlock({ address: address(7, 2), flags: 0 });
    block[500] = 1;
    expect(judge(block)).toBe("ok");
  });

  test("bigfile, relative file 1024 and an unknown file are addressed as Oracle does", () => {
    const plain = dataBlock({ address: 5_000_000 });
    const expected = { blockSize: BLOCK, byteOrder: "little" as const };
    expect(judge(plain, 5_000_000, { ...expected, bigfile: true })).toBe("ok");
    expect(judge(plain, 5_000_000, { ...expected, relativeFile: 1024 })).toBe("ok");
    expect(judge(plain, 5_000_000, smallfile)).toBe("bad-header");
    expect(judge(good(), 2, expected)).toBe("ok");
    expect(judge(good(), 3, expected)).toBe("bad-header");
  });

  test("big-endian blocks are judged alike", () => {
    const block = dataBlock({ address: address(7, 2), big: true });
    expect(judge(block, 2, { ...smallfile, byteOrder: "big" })).toBe("ok");
    expect(judge(block)).toBe("bad-header");
  });
});

describe("laws of the check", () => {
  const SWITCH_BIT = 15 * 8 + 2;

  test("any single flipped bit is found, but the one that switches the check off", () => {
    const bit = fc.integer({ min: 0, max: BLOCK * 8 - 1 }).filter((n) => n !== SWITCH_BIT);
    fc.assert(
      fc.property(bit, fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const block = good((b) => b.fill(byte, 20, BLOCK - 4));
        block[at >> 3] = (block[at >> 3] ?? 0) ^ (1 << (at & 7));
        expect(["bad-header", "fractured", "checksum"]).toContain(judge(block));
      }),
    );
  });

  test("a block torn between two versions is found as fractured", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 1000 }), (sector, step) => {
        const older = dataBlock({ address: address(7, 2), scn: 5000 });
        const newer = dataBlock({ address: address(7, 2), scn: 5000 + step });
        const torn = Buffer.concat([newer.subarray(0, sector * 512), older.subarray(sector * 512)]);
        expect(judge(torn)).toBe("fractured");
      }),
    );
  });

  test("a redo block with another number, sequence or content is found", () => {
    const log = archivedLog(4);
    const redo = redoJudge({ blockSize: 512, byteOrder: "little", sequence: 15 });
    const verdict = (n: number, as = n) => redo(log, wordsOf(log), n * 512, as);
    expect([1, 2, 3, 4].map((n) => verdict(n))).toEqual(["ok", "ok", "ok", "ok"]);
    expect(verdict(2, 3)).toBe("bad-header");
    log[2 * 512 + 100] = 0xaa;
    expect(verdict(2)).toBe("checksum");
    log.fill(0, 3 * 512, 4 * 512);
    expect(verdict(3)).toBe("all-zero");
  });
});
