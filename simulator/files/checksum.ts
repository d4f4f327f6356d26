/** XOR of all 16-bit words of a buffer of even length; 0 for a block whose check value is right (formats.md, section 3). */
export function xorOfWords(buffer: Buffer): number {
  const wide = buffer.byteOffset % 4 === 0 ? xorAligned(buffer) : xorUnaligned(buffer);
  return (wide ^ (wide >>> 16)) & 0xff_ff;
}

function xorAligned(buffer: Buffer): number {
  const words = new Uint32Array(buffer.buffer, buffer.byteOffset, buffer.length >>> 2);
  let sum = 0;
  for (let i = 0; i < words.length; i += 1) sum ^= words[i] as number;
  return sum;
}

function xorUnaligned(buffer: Buffer): number {
  let sum = 0;
  for (let i = 0; i + 4 <= buffer.length; i += 4) sum ^= buffer.readInt32LE(i);
  return sum;
}

/** Stores the check value at `offset`, so that the whole buffer XORs to 0. */
export function storeCheckValue(buffer: Buffer, offset: number): void {
  buffer.writeUInt16LE(0, offset);
  buffer.writeUInt16LE(xorOfWords(buffer), offset);
}

/** True without looking at more than the first byte that is not 0. */
export function isAllZero(buffer: Buffer): boolean {
  if (buffer.byteOffset % 4 !== 0) return buffer.every((byte) => byte === 0);
  const words = new Uint32Array(buffer.buffer, buffer.byteOffset, buffer.length >>> 2);
  for (let i = 0; i < words.length; i += 1) if (words[i] !== 0) return false;
  return true;
}
