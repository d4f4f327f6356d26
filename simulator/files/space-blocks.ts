import { BLOCK_HEADER_BYTES, BLOCK_TAIL_BYTES, blockTypes, rdba, sealBlock } from "./block.ts";

/** Block 2 is the space header, 3..8 are bitmaps, extents begin at 9, as in the 10g examples of formats.md, section 5. */
const SPACE_HEADER_BLOCK = 2;
const FIRST_BITMAP_BLOCK = 3;
export const FIRST_EXTENT_BLOCK = 9;
const BITMAP_BLOCKS = FIRST_EXTENT_BLOCK - FIRST_BITMAP_BLOCK;
const OUR_FIELDS = BLOCK_HEADER_BYTES;
const BITMAP_START = BLOCK_HEADER_BYTES + 12;

/** Which space a file has given out. Extents are in order of address and all of `unitBlocks` blocks. */
export interface FileSpace {
  readonly blockSize: number;
  /** 1024 for a bigfile. */
  readonly relativeFile: number;
  readonly bigfile: boolean;
  /** Without block 0. */
  readonly blocks: number;
  readonly unitBlocks: number;
  /** Extents given out so far, from the first on. */
  readonly usedUnits: number;
  readonly scn: bigint;
}

/** Blocks 2..8 of the file, sealed, in order. Frame and types are Oracle's, the fields inside are ours. */
export function spaceBlocks(space: FileSpace): Buffer[] {
  const blocks = [spaceHeader(space)];
  for (let i = 0; i < BITMAP_BLOCKS; i += 1) blocks.push(bitmap(space, i));
  return blocks;
}

function spaceHeader(space: FileSpace): Buffer {
  const buffer = Buffer.alloc(space.blockSize);
  buffer.writeUInt32LE(space.unitBlocks, OUR_FIELDS);
  buffer.writeUInt32LE(space.blocks, OUR_FIELDS + 4);
  buffer.writeUInt32LE(space.usedUnits, OUR_FIELDS + 8);
  return seal(buffer, space, SPACE_HEADER_BLOCK, blockTypes.spaceHeader);
}

function bitmap(space: FileSpace, index: number): Buffer {
  const buffer = Buffer.alloc(space.blockSize);
  const unitsPerBlock = (space.blockSize - BITMAP_START - BLOCK_TAIL_BYTES) * 8;
  const firstUnit = index * unitsPerBlock;
  const used = Math.min(unitsPerBlock, Math.max(0, space.usedUnits - firstUnit));
  buffer.writeUInt32LE(space.relativeFile, OUR_FIELDS);
  buffer.writeUInt32LE(FIRST_EXTENT_BLOCK + firstUnit * space.unitBlocks, OUR_FIELDS + 4);
  buffer.writeUInt32LE(used, OUR_FIELDS + 8);
  buffer.fill(0xff, BITMAP_START, BITMAP_START + (used >>> 3));
  if (used % 8 !== 0) buffer[BITMAP_START + (used >>> 3)] = (1 << (used % 8)) - 1;
  return seal(buffer, space, FIRST_BITMAP_BLOCK + index, blockTypes.spaceBitmap);
}

function seal(buffer: Buffer, space: FileSpace, block: number, type: number): Buffer {
  sealBlock(buffer, { type, rdba: rdba({ ...space, block }), scn: space.scn, seq: 1 });
  return buffer;
}
