/**
 * XOR of all 16-bit words; 0 for a whole block whose check value is right. XOR works on columns of bytes, so 32 bits
 * at a time give the same, in any byte order (the residue is then in this machine's order).
 * The sizes of Oracle blocks are multiples of 4.
 */
export function xorResidue(words: Uint32Array, firstWord: number, wordCount: number): number {
  const end = firstWord + wordCount;
  let sum = 0;
  for (let i = firstWord; i < end; i += 1) sum ^= words[i] as number;
  return (sum ^ (sum >>> 16)) & 0xffff;
}

/** The bytes as 32-bit words; copied only where they do not lie on a word boundary. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const whole = bytes.byteLength >>> 2;
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, whole);
  const copy = Uint8Array.from(bytes);
  return new Uint32Array(copy.buffer, 0, whole);
}

/** True where the XOR over the whole block closes. */
export function checkValueHolds(block: Uint8Array): boolean {
  const words = wordsOf(block);
  return xorResidue(words, 0, words.length) === 0;
}
