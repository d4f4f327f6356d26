import type { ByteOrder } from "./byte-order.ts";

/** Bit of the wrap that says: bytes 2 and 3 hold the third part (12.2 and later). */
const LONG_SCN = 0x8000;

/** SCN of the last change of a block, from its header (`kcbh`: base at 8, wrap at 12). 0 where none was ever made. */
export function blockScn(bytes: Buffer, offset: number, order: ByteOrder): bigint {
  const u16 = (at: number) => (order === "little" ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const base = order === "little" ? bytes.readUInt32LE(offset + 8) : bytes.readUInt32BE(offset + 8);
  const wrap = u16(offset + 12);
  if ((wrap & LONG_SCN) === 0) return BigInt(base) | (BigInt(wrap) << 32n);
  return BigInt(base) | (BigInt(u16(offset + 2)) << 32n) | (BigInt(wrap & ~LONG_SCN) << 48n);
}
