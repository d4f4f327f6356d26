/** Byte order of the database's platform. Known from the magic of block 0, never from the platform's name. */
export type ByteOrder = "little" | "big";

/** Reads the numbers and names of one block, from the block's start. Offsets beyond the block read as 0. */
export interface FieldReader {
  u8(offset: number): number;
  u16(offset: number): number;
  u32(offset: number): number;
  /** UTF-8 up to the first NUL, at most `length` bytes. */
  text(offset: number, length: number): string;
}

export function fieldsOf(block: Uint8Array, order: ByteOrder): FieldReader {
  const at = (offset: number) => block[offset] ?? 0;
  const u16 = (offset: number) =>
    order === "little" ? at(offset) | (at(offset + 1) << 8) : (at(offset) << 8) | at(offset + 1);
  const u32 = (offset: number) =>
    order === "little"
      ? (u16(offset) | (u16(offset + 2) << 16)) >>> 0
      : ((u16(offset) << 16) | u16(offset + 2)) >>> 0;
  const text = (offset: number, length: number) => {
    const bytes = Buffer.from(block.subarray(offset, offset + length));
    const end = bytes.indexOf(0);
    return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
  };
  return { u8: at, u16, u32, text };
}
