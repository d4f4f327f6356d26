import type { ByteOrder } from "./byte-order.ts";
import { xorResidue } from "./check-value.ts";
import { formatByte } from "./os-header.ts";

/**
 * What Oracle would say of one block. `empty` is a formatted block that was never used; `soft-corrupt` is marked so by
 * the database itself: a copy of it is true. The rest is damage, or a torn read.
 */
export type BlockVerdict =
  | "ok"
  | "empty"
  | "all-zero"
  | "bad-header"
  | "fractured"
  | "checksum"
  | "soft-corrupt";

/** What the blocks of one file must look like. */
export interface BlockExpectation {
  readonly blockSize: number;
  readonly byteOrder: ByteOrder;
  /** Relative file number; 1024 stands for a bigfile. Absent: only the block number is checked. */
  readonly relativeFile?: number;
  readonly bigfile?: boolean;
}

/** Blocks that 8i and 9i wrote keep their format byte in an upgraded database. */
const FORMAT_9I = 0x02;
const FLAG_CHECK_VALUE = 0x04;
const SEQUENCE_CORRUPT = 0xff;
/** `v$datafile_header.rfile#` of a bigfile, whose addresses have no file bits. */
const BIGFILE_NUMBER = 1024;
const BLOCK_BITS = 22;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;

/** Judges the blocks of a datafile; made once a file. Tests run in the order in which Oracle makes them. */
export type BlockJudge = (
  bytes: Uint8Array,
  words: Uint32Array,
  offset: number,
  block: number,
) => BlockVerdict;

/**
 * A judge over a chunk of whole blocks: `bytes` and `words` are the same memory, `offset` is where the block begins in
 * it, `block` its number in the file. Block 0 is not for this judge. An unknown block type is never damage.
 */
export function blockJudge(expected: BlockExpectation): BlockJudge {
  const { blockSize } = expected;
  const format = formatByte(blockSize);
  const little = expected.byteOrder === "little";
  const addressHolds = addressRule(expected);
  const wordCount = blockSize >>> 2;
  return (bytes, words, offset, block) => {
    const at = (index: number) => bytes[offset + index] as number;
    const first = offset >>> 2;
    const type = at(0);
    const formatHolds = at(1) === format || at(1) === FORMAT_9I;
    const address = u32(bytes, offset + 4, little);
    if (!formatHolds || !addressHolds(address, block, type)) {
      return isZero(words, first, wordCount) ? "all-zero" : "bad-header";
    }
    const sequence = at(14);
    const scnLow = little ? at(8) | (at(9) << 8) : at(11) | (at(10) << 8);
    const tail = ((scnLow << 16) | (type << 8) | sequence) >>> 0;
    if (u32(bytes, offset + blockSize - 4, little) !== tail) return "fractured";
    if ((at(15) & FLAG_CHECK_VALUE) !== 0 && xorResidue(words, first, wordCount) !== 0) return "checksum";
    if (sequence === SEQUENCE_CORRUPT) return "soft-corrupt";
    return type === 0 ? "empty" : "ok";
  };
}

function addressRule(expected: BlockExpectation): (address: number, block: number, type: number) => boolean {
  const { relativeFile } = expected;
  if (expected.bigfile ?? relativeFile === BIGFILE_NUMBER) return (address, block) => address === block;
  if (relativeFile === undefined) {
    return (address, block) => address === block || (address & BLOCK_MASK) === block;
  }
  const fileBits = (relativeFile << BLOCK_BITS) >>> 0;
  // A block that was formatted but never used has the file bits (11.2) or zeros in their place (10g).
  return (address, block, type) => address === fileBits + block || (type === 0 && address === block);
}

function u32(bytes: Uint8Array, offset: number, little: boolean): number {
  const a = bytes[offset] as number;
  const b = bytes[offset + 1] as number;
  const c = bytes[offset + 2] as number;
  const d = bytes[offset + 3] as number;
  return little ? (a | (b << 8) | (c << 16) | (d << 24)) >>> 0 : (d | (c << 8) | (b << 16) | (a << 24)) >>> 0;
}

function isZero(words: Uint32Array, first: number, count: number): boolean {
  for (let i = first; i < first + count; i += 1) if (words[i] !== 0) return false;
  return true;
}
