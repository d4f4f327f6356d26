import { storeCheckValue, xorOfWords } from "./checksum.ts";
import { formatByte } from "./block.ts";

const MAGIC = 0x7a_7b_7c_7d;
const CONSTANT = 0xff_c0_00_00;
const FROM_12_1 = 0x81_a0;
const REDO_FLAG = 0x04;

/** Block 0 of every file but the SPFILE (formats.md, section 1). `blocks` does not count block 0 itself. */
export interface OsHeader {
  readonly blockSize: number;
  readonly blocks: number;
}

export function encodeOsHeader(header: OsHeader & { readonly redo: boolean }): Buffer {
  const buffer = Buffer.alloc(header.blockSize);
  buffer[1] = formatByte(header.blockSize);
  buffer.writeUInt32LE(CONSTANT, 4);
  buffer[15] = header.redo ? REDO_FLAG : 0;
  buffer.writeUInt32LE(header.blockSize, 20);
  buffer.writeUInt32LE(header.blocks, 24);
  buffer.writeUInt32LE(MAGIC, 28);
  buffer.writeUInt32LE(FROM_12_1, 32);
  storeCheckValue(buffer, 16);
  return buffer;
}

/** Needs the first 512 bytes at least; checks the sum only where the whole block is there. undefined: not such a block. */
export function decodeOsHeader(buffer: Buffer): OsHeader | undefined {
  if (buffer.length < 36 || buffer[0] !== 0 || buffer.readUInt32LE(28) !== MAGIC) return undefined;
  const blockSize = buffer.readUInt32LE(20);
  if (buffer[1] !== formatByte(blockSize)) return undefined;
  if (buffer.length >= blockSize && xorOfWords(buffer.subarray(0, blockSize)) !== 0) return undefined;
  return { blockSize, blocks: buffer.readUInt32LE(24) };
}
