import type { BlockJudge } from "./block-verdict.ts";
import type { ByteOrder } from "./byte-order.ts";
import { fieldsOf } from "./byte-order.ts";
import { xorResidue } from "./check-value.ts";
import { formatByte } from "./os-header.ts";

const REDO_TYPE = 0x01;

/** What the blocks of one archived log must look like. */
export interface RedoExpectation {
  /** 512, 1024 or 4096. */
  readonly blockSize: number;
  readonly byteOrder: ByteOrder;
  /** Log sequence that every block carries. */
  readonly sequence: number;
}

/** Judges the blocks of an archived log: type, format, number and sequence, then the check value over the whole block. */
export function redoJudge(expected: RedoExpectation): BlockJudge {
  const { blockSize } = expected;
  const format = formatByte(blockSize);
  const wordCount = blockSize >>> 2;
  return (bytes, words, offset, block) => {
    const fields = fieldsOf(bytes.subarray(offset, offset + 16), expected.byteOrder);
    const right =
      fields.u8(0) === REDO_TYPE &&
      fields.u8(1) === format &&
      fields.u32(4) === block &&
      fields.u32(8) === expected.sequence;
    if (right) return xorResidue(words, offset >>> 2, wordCount) === 0 ? "ok" : "checksum";
    const blank = words.subarray(offset >>> 2, (offset >>> 2) + wordCount).every((word) => word === 0);
    return blank ? "all-zero" : "bad-header";
  };
}

/** Log sequence in the header of a redo block: of block 1, the one that all others must have. */
export function redoSequence(block: Uint8Array, byteOrder: ByteOrder): number {
  return fieldsOf(block, byteOrder).u32(8);
}
