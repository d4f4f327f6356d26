const WIDE_FROM = 0x0c_20_00_00;
const WIDE = 0x80_00;
const NO_SCN_BASE = 0xff_ff_ff_ff;

/**
 * The 8-byte SCN slot of file and redo headers. From compatible 12.2 on the wrap has bit 15 set and the third part
 * holds bits 32..47; before, base and wrap only (formats.md, section 7). `null` is "no SCN": six bytes of ff.
 */
export function writeScn(buffer: Buffer, offset: number, scn: bigint | null, compatible: number): void {
  if (scn === null) {
    buffer.fill(0xff, offset, offset + 6);
    buffer.writeUInt16LE(0, offset + 6);
    return;
  }
  buffer.writeUInt32LE(Number(scn & 0xff_ff_ff_ffn), offset);
  const middle = Number((scn >> 32n) & 0xff_ffn);
  const wide = compatible >= WIDE_FROM;
  buffer.writeUInt16LE(wide ? WIDE | (Number(scn >> 48n) & 0x7f_ff) : middle, offset + 4);
  buffer.writeUInt16LE(wide ? middle : 0, offset + 6);
}

/** Reads both forms. */
export function readScn(buffer: Buffer, offset: number): bigint | null {
  const base = buffer.readUInt32LE(offset);
  const wrap = buffer.readUInt16LE(offset + 4);
  const third = buffer.readUInt16LE(offset + 6);
  if (base === NO_SCN_BASE && wrap === 0xff_ff) return null;
  if ((wrap & WIDE) === 0) return BigInt(base) | (BigInt(wrap) << 32n);
  return BigInt(base) | (BigInt(third) << 32n) | (BigInt(wrap & 0x7f_ff) << 48n);
}
