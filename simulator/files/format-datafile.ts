import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";

import { neverUsedBlock, rdba } from "./block.ts";
import { type DatafileHeader, encodeDatafileHeader, isBigfile } from "./datafile-header.ts";
import { encodeOsHeader } from "./os-header.ts";
import { FIRST_EXTENT_BLOCK, spaceBlocks } from "./space-blocks.ts";

const CHUNK_BYTES = 1_048_576;
/** 64 KiB in 8 KiB blocks: the smallest extent of AUTOALLOCATE. */
const UNIT_BLOCKS = 8;

export interface FileGeometry {
  readonly blockSize: number;
  readonly relativeFile: number;
  readonly bigfile: boolean;
}

/**
 * Creates the file, or overwrites it: block 0, header, space blocks, then never-used blocks up to `blocks` (block 0 not
 * counted, at least `FIRST_EXTENT_BLOCK`). Synchronous, and not synced to disk: only processes crash here, never the host.
 * Throws the errno error of the file system.
 */
export function formatDatafile(path: string, header: DatafileHeader, blocks: number): void {
  const geometry = {
    blockSize: header.blockSize,
    relativeFile: header.relativeFile,
    bigfile: isBigfile(header),
  };
  const space = spaceBlocks({
    ...geometry,
    blocks,
    unitBlocks: UNIT_BLOCKS,
    usedUnits: 0,
    scn: header.creationScn,
  });
  const head = [
    encodeOsHeader({ blockSize: header.blockSize, blocks, redo: false }),
    encodeDatafileHeader({ ...header, blocks }),
    ...space,
  ];
  withFile(path, "w", (fd) => {
    writeFully(fd, Buffer.concat(head), 0);
    writeNeverUsed(fd, geometry, FIRST_EXTENT_BLOCK, blocks);
  });
}

/** A temp file: block 0 and header only, the rest is a hole, as Oracle leaves it. */
export function formatTempfile(path: string, header: DatafileHeader, blocks: number): void {
  const head = [
    encodeOsHeader({ blockSize: header.blockSize, blocks, redo: false }),
    encodeDatafileHeader({ ...header, kind: "temp", blocks }),
  ];
  withFile(path, "w", (fd) => {
    writeFully(fd, Buffer.concat(head), 0);
    ftruncateSync(fd, (blocks + 1) * header.blockSize);
  });
}

/** Appends never-used blocks, then tells block 0. The header block (fsz) is left to the caller, who knows its checkpoint. */
export function extendDatafile(
  path: string,
  fromBlocks: number,
  toBlocks: number,
  geometry: FileGeometry,
): void {
  withFile(path, "r+", (fd) => {
    writeNeverUsed(fd, geometry, fromBlocks + 1, toBlocks);
    writeFully(fd, encodeOsHeader({ blockSize: geometry.blockSize, blocks: toBlocks, redo: false }), 0);
  });
}

/** Cuts the file; the caller has made sure that nothing lies in what goes, and rewrites the header block. */
export function shrinkDatafile(path: string, toBlocks: number, blockSize: number): void {
  withFile(path, "r+", (fd) => {
    writeFully(fd, encodeOsHeader({ blockSize, blocks: toBlocks, redo: false }), 0);
    ftruncateSync(fd, (toBlocks + 1) * blockSize);
  });
}

/** Blocks `first`..`last`. Only address and check value differ between two of them, so a chunk is made once and retouched. */
function writeNeverUsed(fd: number, geometry: FileGeometry, first: number, last: number): void {
  const { blockSize } = geometry;
  const perChunk = Math.max(1, Math.min(CHUNK_BYTES / blockSize, last - first + 1));
  const template = neverUsedBlock(blockSize, 0);
  const checkOfAddressZero = template.readUInt16LE(16);
  const chunk = Buffer.alloc(perChunk * blockSize);
  for (let i = 0; i < perChunk; i += 1) template.copy(chunk, i * blockSize);
  for (let block = first; block <= last; block += perChunk) {
    const count = Math.min(perChunk, last - block + 1);
    for (let i = 0; i < count; i += 1) {
      const address = rdba({ ...geometry, block: block + i });
      chunk.writeUInt32LE(address, i * blockSize + 4);
      chunk.writeUInt16LE((checkOfAddressZero ^ address ^ (address >>> 16)) & 0xff_ff, i * blockSize + 16);
    }
    writeFully(fd, chunk.subarray(0, count * blockSize), block * blockSize);
  }
}

function writeFully(fd: number, buffer: Buffer, position: number): void {
  let done = 0;
  while (done < buffer.length) done += writeSync(fd, buffer, done, buffer.length - done, position + done);
}

function withFile(path: string, flags: string, work: (fd: number) => void): void {
  const fd = openSync(path, flags);
  try {
    work(fd);
  } finally {
    closeSync(fd);
  }
}
