const PRIME_1 = 0x9e37_79b1;
const PRIME_2 = 0x85eb_ca77;
const PRIME_3 = 0xc2b2_ae3d;

/**
 * XXH32 with seed 0 of whole 32-bit words, as of https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
 * `count` is a multiple of 4. On a big-endian machine the values are others: they are never compared with those of
 * another machine's.
 */
export function xxh32(words: Uint32Array, first: number, count: number): number {
  let a = (PRIME_1 + PRIME_2) | 0;
  let b = PRIME_2 | 0;
  let c = 0;
  let d = -PRIME_1 | 0;
  const end = first + count;
  for (let i = first; i < end; i += 4) {
    a = round(a, words[i] as number);
    b = round(b, words[i + 1] as number);
    c = round(c, words[i + 2] as number);
    d = round(d, words[i + 3] as number);
  }
  let hash = rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18) + 4 * count;
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function round(sum: number, word: number): number {
  return Math.imul(rotated((sum + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
