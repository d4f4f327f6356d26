import { describe, expect, test } from "vitest";

import { xorOfWords } from "../../../../simulator/files/checksum.ts";
import {
  decodeRedoHeader,
  encodeRedoHeader,
  NAB_OPEN,
  redoBlockOk,
  type RedoHeader,
  redoOsHeader,
  redoRecordOffset,
  sealRedoBlock,
} from "../../../../simulator/files/redo-file.ts";

const at = new Date("2026-02-11T18:37:34Z");
const header: RedoHeader = {
  compatible: 0x17_06_00_00,
  dbid: 1_497_016_494,
  dbName: "FREE",
  controlSequence: 9,
  blockSize: 512,
  onlineBlocks: 409_600,
  group: 3,
  activationId: 12_345,
  thread: 1,
  sequence: 15,
  nab: 598,
  resetlogsScn: 1_920_977n,
  resetlogsAt: at,
  priorResetlogsScn: 1n,
  priorResetlogsAt: at,
  firstScn: 0x22_96_06n,
  firstAt: at,
  nextScn: 0x22_9a_45n,
  nextAt: at,
  enabledScn: 1_920_977n,
  enabledAt: at,
  endOfThread: false,
};

describe("redo file", () => {
  test("the header has the text and the slots of the published log", () => {
    const block = encodeRedoHeader(header);
    const text = block.toString("latin1", 92, 156).replaceAll("\0", "");
    expect(text).toBe("T 0001, S 0000000015, SCN 0x0000000000229606-0x0000000000229a45");
    expect(block.subarray(180, 188).toString("hex")).toBe("0696220000800000");
    expect(block.readUInt32LE(160)).toBe(1_224_959_854);
  });

  test.each([512, 4096] as const)("a header of %i bytes comes back, current or archived", (blockSize) => {
    const archived = { ...header, blockSize };
    const current = { ...archived, nab: NAB_OPEN, nextScn: null, nextAt: null };
    expect(decodeRedoHeader(encodeRedoHeader(archived))).toEqual(archived);
    expect(decodeRedoHeader(encodeRedoHeader(current))).toEqual(current);
  });

  test("a block of another number or sequence is not taken, nor a changed one", () => {
    const block = Buffer.alloc(512, 0x61);
    sealRedoBlock(block, { block: 7, sequence: 15, recordOffset: 40 });
    expect(xorOfWords(block)).toBe(0);
    expect(redoRecordOffset(block)).toBe(40);
    expect(redoBlockOk(block, { block: 7, sequence: 15 })).toBe(true);
    expect([
      redoBlockOk(block, { block: 8, sequence: 15 }),
      redoBlockOk(block, { block: 7, sequence: 14 }),
    ]).toEqual([false, false]);
    block[100] = 0;
    expect(redoBlockOk(block, { block: 7, sequence: 15 })).toBe(false);
  });

  test("block 0 of a log has the redo flag and its format", () => {
    expect([redoOsHeader(512, 597)[1], redoOsHeader(4096, 10)[1], redoOsHeader(512, 597)[15]]).toEqual([
      0x22, 0x82, 4,
    ]);
  });
});
