import { fieldsOf, type ByteOrder } from "./byte-order.ts";
import { checkValueHolds } from "./check-value.ts";
import { parsed, unreadable, type Parsed } from "./parsed.ts";

/** Block 0 of a datafile, log or control file: written by Oracle's I/O layer, never seen by SQL. */
export interface OsHeader {
  readonly byteOrder: ByteOrder;
  readonly blockSize: number;
  /** Blocks of the file without block 0. The file holds `(blocks + 1) * blockSize` bytes. */
  readonly blocks: number;
  /** `10g` and later, or the older form, whose file headers umbra does not decode. */
  readonly form: "10g" | "8i";
}

/** Enough bytes of a file to read block 0's header, whatever the block size. The check value needs the whole block. */
const OS_HEADER_BYTES = 512;

/** Block sizes that Oracle writes: 512 to 32768, powers of two. */
function isBlockSize(size: number): boolean {
  return size >= 512 && size <= 32_768 && (size & (size - 1)) === 0;
}

/** Format byte of a block of 10g and later: the size is coded in its upper three bits. */
export function formatByte(blockSize: number): number {
  return ((Math.log2(blockSize) - 8) << 5) + 2;
}

/**
 * Reads block 0 from the first bytes of a file. Where the whole block was given, its check value must hold.
 * Comparing the size of the file with `fileBytes` is the caller's.
 */
export function readOsHeader(bytes: Uint8Array): Parsed<OsHeader> {
  if (bytes.length < OS_HEADER_BYTES) return unreadable("it is shorter than the header of an Oracle file");
  const newer = magicAt(bytes, 28);
  const older = newer === undefined ? magicAt(bytes, 12) : undefined;
  const byteOrder = newer ?? older;
  if (byteOrder === undefined) return unreadable("block 0 has no Oracle magic");
  const fields = fieldsOf(bytes, byteOrder);
  const sizeAt = newer === undefined ? 4 : 20;
  const blockSize = fields.u32(sizeAt);
  if (!isBlockSize(blockSize)) return unreadable(`block 0 names a block size of ${blockSize}`);
  if (newer !== undefined && fields.u8(1) !== formatByte(blockSize)) {
    return unreadable(
      `block 0 has format byte 0x${fields.u8(1).toString(16)} for a block size of ${blockSize}`,
    );
  }
  if (bytes.length >= blockSize && !checkValueHolds(bytes.subarray(0, blockSize))) {
    return unreadable("the check value of block 0 is wrong");
  }
  const form = newer === undefined ? "8i" : "10g";
  return parsed({ byteOrder, blockSize, blocks: fields.u32(sizeAt + 4), form });
}

/** Four bytes whose low nibbles run d c b a (little endian) or a b c d (big endian) under one high nibble. */
function magicAt(bytes: Uint8Array, offset: number): ByteOrder | undefined {
  const four = [...bytes.subarray(offset, offset + 4)];
  const high = (four[0] ?? 0) >> 4;
  // The high nibble tells form and platform: 7 from 10g on, 5 and 6 before.
  const known = offset === 28 ? high === 7 : high === 5 || high === 6;
  if (!known || four.some((byte) => byte >> 4 !== high)) return undefined;
  const low = four.map((byte) => (byte & 0x0f).toString(16)).join("");
  if (low === "dcba") return "little";
  return low === "abcd" ? "big" : undefined;
}
