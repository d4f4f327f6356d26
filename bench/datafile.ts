import { randomFillSync, randomInt } from "node:crypto";
import { open } from "node:fs/promises";

const BLOCK = 8192;
const CHUNK_BLOCKS = 1024;
export const RELATIVE_FILE = 7;

/** Writes a datafile of about `size` bytes: valid blocks with random content, which no storage can compress. */
export async function writeDatafile(path: string, size: number): Promise<{ bytes: number; blocks: number }> {
  const blocks = Math.max(2, Math.floor(size / BLOCK)) - 1;
  const chunk = Buffer.alloc(CHUNK_BLOCKS * BLOCK);
  randomFillSync(chunk);
  const file = await open(path, "w");
  try {
    for (let first = 0; first <= blocks; first += CHUNK_BLOCKS) {
      const last = Math.min(first + CHUNK_BLOCKS, blocks + 1);
      for (let block = first; block < last; block += 1) {
        const content = chunk.subarray((block - first) * BLOCK, (block - first + 1) * BLOCK);
        if (block > 0) frameBlock(content, block);
      }
      if (first === 0) writeBlock0(chunk.subarray(0, BLOCK), blocks);
      await file.write(chunk, 0, (last - first) * BLOCK);
      if (first === 0) randomFillSync(chunk, 0, BLOCK);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes: (blocks + 1) * BLOCK, blocks };
}

/**
 * Writes new content into a share of the blocks of a datafile, chosen by chance, at least one; block 0 and the file
 * header stay. Gives where they are, in order.
 */
export async function changeBlocks(
  path: string,
  blocks: number,
  share: number,
): Promise<readonly { offset: number; bytes: number }[]> {
  const chosen = new Set<number>();
  const wanted = Math.min(blocks - 1, Math.max(1, Math.round(blocks * share)));
  while (chosen.size < wanted) chosen.add(randomInt(2, blocks + 1));
  const file = await open(path, "r+");
  const block = Buffer.alloc(BLOCK);
  const numbers = [...chosen].toSorted((a, b) => a - b);
  try {
    for (const number of numbers) {
      randomFillSync(block);
      frameBlock(block, number);
      await file.write(block, 0, BLOCK, number * BLOCK);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return numbers.map((number) => ({ offset: number * BLOCK, bytes: BLOCK }));
}

/** Header, tail and check value around whatever the block holds. */
function frameBlock(block: Buffer, number: number): void {
  const scn = 1_000_000 + number;
  block.writeUInt32LE(0xa206, 0);
  block.writeUInt32LE(((RELATIVE_FILE << 22) | number) >>> 0, 4);
  block.writeUInt32LE(scn, 8);
  block.writeUInt32LE(0x0401_0000, 12);
  block.writeUInt32LE((((scn & 0xffff) << 16) | 0x0601) >>> 0, BLOCK - 4);
  seal(block);
}

function writeBlock0(block: Buffer, blocks: number): void {
  block.fill(0);
  block[1] = 0xa2;
  block.writeUInt32LE(0xffc0_0000, 4);
  block.writeUInt32LE(BLOCK, 20);
  block.writeUInt32LE(blocks, 24);
  block.writeUInt32LE(0x7a7b_7c7d, 28);
  seal(block);
}

/** Puts the right check value into a block. */
export function seal(block: Buffer): void {
  block.writeUInt16LE(0, 16);
  const words = new Uint32Array(block.buffer, block.byteOffset, block.length / 4);
  let sum = 0;
  for (const word of words) sum ^= word;
  block.writeUInt16LE((sum ^ (sum >>> 16)) & 0xffff, 16);
}
