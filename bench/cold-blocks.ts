import { randomFillSync, randomInt } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

import { seal } from "./datafile.ts";

/** A new database of the simulator uses none behind these: it never reads the ones that are changed here. */
const FIRST_FREE = 512;
const CHUNK_BLOCKS = 512;
/** Of a block's header and tail: what lies between is content. */
const HEADER = 24;
const TAIL = 4;

export interface BlockFile {
  readonly path: string;
  readonly blockSize: number;
  /** Without block 0. */
  readonly blocks: number;
}

/** Random content in all free blocks, which no storage can share or compress. */
export async function fillFreeBlocks({ path, blockSize, blocks }: BlockFile): Promise<void> {
  await using file = await open(path, "r+");
  const chunk = Buffer.alloc(CHUNK_BLOCKS * blockSize);
  for (let first = FIRST_FREE; first <= blocks; first += CHUNK_BLOCKS) {
    const bytes = Math.min(CHUNK_BLOCKS, blocks + 1 - first) * blockSize;
    await file.read(chunk, 0, bytes, first * blockSize);
    for (let at = 0; at < bytes; at += blockSize) changeContent(chunk.subarray(at, at + blockSize));
    await file.write(chunk, 0, bytes, first * blockSize);
  }
  await file.sync();
}

/** New content in so many of all blocks of the files, chosen by chance among the free ones. Gives how many. */
export async function changeFreeBlocks(files: readonly BlockFile[], share: number): Promise<number> {
  let changed = 0;
  for (const one of files) {
    await using file = await open(one.path, "r+");
    const chosen = new Set<number>();
    const free = one.blocks - FIRST_FREE;
    const wanted = Math.min(Math.max(0, free), Math.round(one.blocks * share));
    while (chosen.size < wanted) chosen.add(randomInt(FIRST_FREE, one.blocks + 1));
    for (const block of [...chosen].toSorted((a, b) => a - b)) await changeBlock(file, one, block);
    await file.sync();
    changed += chosen.size;
  }
  return changed;
}

async function changeBlock(file: FileHandle, { blockSize }: BlockFile, number: number): Promise<void> {
  const block = Buffer.alloc(blockSize);
  await file.read(block, 0, blockSize, number * blockSize);
  changeContent(block);
  await file.write(block, 0, blockSize, number * blockSize);
}

function changeContent(block: Buffer): void {
  randomFillSync(block, HEADER, block.length - HEADER - TAIL);
  seal(block);
}
