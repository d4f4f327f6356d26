import { isAllZero, storeCheckValue, xorOfWords } from "./checksum.ts";

/** Types of formats.md, section 5, that the simulated instance writes. */
export const blockTypes = {
  neverUsed: 0x00,
  undoHeader: 0x01,
  undo: 0x02,
  data: 0x06,
  fileHeader: 0x0b,
  controlFile: 0x15,
  spaceHeader: 0x1d,
  spaceBitmap: 0x1e,
  segmentHeader: 0x23,
  parameterFile: 0x43,
} as const;

const blockFlags = { neverUsed: 0x01, cleanedOut: 0x02, checkValue: 0x04, temporary: 0x08 } as const;

/** Bytes 0..19 are the header and the last 4 the tail: what lies between is the block's own. */
export const BLOCK_HEADER_BYTES = 20;
export const BLOCK_TAIL_BYTES = 4;

/** `seq` of a block that the database marked corrupt. */
export const CORRUPT_SEQ = 0xff;
const RELATIVE_FILE_SHIFT = 22;
const BLOCK_NUMBER_MASK = 0x3f_ff_ff;

export interface BlockSeal {
  readonly type: number;
  readonly rdba: number;
  readonly scn: bigint;
  readonly seq: number;
  /** `checkValue` is added. */
  readonly flags?: number;
}

export type BlockVerdict =
  | "ok"
  | "empty"
  | "all-zero"
  | "bad-header"
  | "fractured"
  | "checksum"
  | "soft-corrupt";

/** Code of the block size in byte 1: 0x22 for 512 up to 0xe2 for 32 KiB. */
export function formatByte(blockSize: number): number {
  return ((Math.log2(blockSize) - 8) << 5) + 2;
}

/** Address of a block: file bits for a smallfile, the plain block number for a bigfile. Unsigned. */
export function rdba(address: { relativeFile: number; block: number; bigfile: boolean }): number {
  if (address.bigfile) return address.block >>> 0;
  return ((address.relativeFile << RELATIVE_FILE_SHIFT) | address.block) >>> 0;
}

/** Writes header, tail and check value around what the block holds. */
export function sealBlock(buffer: Buffer, seal: BlockSeal): void {
  const base = Number(seal.scn & 0xff_ff_ff_ffn);
  buffer[0] = seal.type;
  buffer[1] = formatByte(buffer.length);
  buffer.writeUInt16LE(0, 2);
  buffer.writeUInt32LE(seal.rdba, 4);
  buffer.writeUInt32LE(base, 8);
  buffer.writeUInt16LE(Number((seal.scn >> 32n) & 0xff_ffn), 12);
  buffer[14] = seal.seq;
  buffer[15] = (seal.flags ?? 0) | blockFlags.checkValue;
  buffer.writeUInt16LE(0, 18);
  buffer.writeUInt32LE(tailOf(base, seal.type, seal.seq), buffer.length - BLOCK_TAIL_BYTES);
  storeCheckValue(buffer, 16);
}

function tailOf(scnBase: number, type: number, seq: number): number {
  return (((scnBase & 0xff_ff) << 16) | (type << 8) | seq) >>> 0;
}

/**
 * In the order in which Oracle tests (formats.md, section 6). `{ block }` checks the block number alone, as one who does
 * not know the relative file must; a never-used block may lack the file bits. Unknown types are good.
 */
export function judgeBlock(
  buffer: Buffer,
  expected: { readonly rdba: number } | { readonly block: number },
): BlockVerdict {
  if (isAllZero(buffer)) return "all-zero";
  const type = blockType(buffer);
  if (buffer[1] !== formatByte(buffer.length) || !addressAgrees(buffer, expected)) return "bad-header";
  const tail = tailOf(buffer.readUInt32LE(8), type, blockSeq(buffer));
  if (buffer.readUInt32LE(buffer.length - BLOCK_TAIL_BYTES) !== tail) return "fractured";
  if ((buffer.readUInt8(15) & blockFlags.checkValue) !== 0 && xorOfWords(buffer) !== 0) return "checksum";
  if (blockSeq(buffer) === CORRUPT_SEQ) return "soft-corrupt";
  return type === blockTypes.neverUsed ? "empty" : "ok";
}

function addressAgrees(
  buffer: Buffer,
  expected: { readonly rdba: number } | { readonly block: number },
): boolean {
  const found = buffer.readUInt32LE(4);
  if ("block" in expected)
    return found === expected.block || (found & BLOCK_NUMBER_MASK) === (expected.block & BLOCK_NUMBER_MASK);
  if (found === expected.rdba) return true;
  return blockType(buffer) === blockTypes.neverUsed && found === (expected.rdba & BLOCK_NUMBER_MASK);
}

export function blockType(buffer: Buffer): number {
  return buffer.readUInt8(0);
}

export function blockSeq(buffer: Buffer): number {
  return buffer.readUInt8(14);
}

export function blockRdba(buffer: Buffer): number {
  return buffer.readUInt32LE(4);
}

export function blockScn(buffer: Buffer): bigint {
  return BigInt(buffer.readUInt32LE(8)) | (BigInt(buffer.readUInt16LE(12)) << 32n);
}

/** A formatted block that nothing ever used: type 0, seq 1, flag 5, tail 0x00000001. */
export function neverUsedBlock(blockSize: number, address: number): Buffer {
  const buffer = Buffer.alloc(blockSize);
  sealBlock(buffer, {
    type: blockTypes.neverUsed,
    rdba: address,
    scn: 0n,
    seq: 1,
    flags: blockFlags.neverUsed,
  });
  return buffer;
}
