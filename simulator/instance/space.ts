import { extendDatafile } from "../files/format-datafile.ts";
import { BIGFILE_RELATIVE_FILE } from "../files/datafile-header.ts";
import { mark } from "./changes.ts";
import type { DatafileRecord } from "./control-file.ts";
import { readHeader, writeHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";

export interface Extent {
  readonly file: number;
  readonly first: number;
  readonly blocks: number;
}

/** First block that segments may use: before it lie the file header and the space blocks. */
export const FIRST_USABLE_BLOCK = 9;

/** A gap of `blocks` blocks in one of the files; undefined where there is none. Extents need no order. */
export function findGap(
  files: readonly DatafileRecord[],
  used: readonly Extent[],
  blocks: number,
): Extent | undefined {
  for (const file of files) {
    let next = FIRST_USABLE_BLOCK;
    const inFile = used.filter((extent) => extent.file === file.file).toSorted((a, b) => a.first - b.first);
    for (const extent of inFile) {
      if (extent.first - next >= blocks) break;
      next = Math.max(next, extent.first + extent.blocks);
    }
    if (next + blocks - 1 <= file.blocks) return { file: file.file, first: next, blocks };
  }
  return undefined;
}

/** Lets the first file that may grow do so. False where none may. */
export function autoextend(
  database: SimulatedDatabase,
  thread: number,
  files: readonly DatafileRecord[],
  blocks: number,
): boolean {
  for (const file of files) {
    if (file.autoextend === null) continue;
    const target = file.blocks + Math.max(blocks, file.autoextend.nextBlocks);
    const limit = file.autoextend.maxBlocks;
    if (file.blocks + blocks > limit) continue;
    growFile(database, thread, file, Math.min(target, limit));
    return true;
  }
  return false;
}

export function growFile(
  database: SimulatedDatabase,
  thread: number,
  file: DatafileRecord,
  blocks: number,
): void {
  extendDatafile(file.path, file.blocks, blocks, {
    blockSize: file.blockSize,
    relativeFile: file.relativeFile,
    bigfile: file.relativeFile === BIGFILE_RELATIVE_FILE,
  });
  setFileSize(database, file, blocks);
  mark(database, thread, { kind: "file-resize", file: file.file, blocks });
  database.flushRedo();
}

/** Control file and header block. */
export function setFileSize(database: SimulatedDatabase, file: DatafileRecord, blocks: number): void {
  file.blocks = blocks;
  const header = readHeader(file.path, file.blockSize);
  if (header !== undefined) writeHeader(file.path, { ...header, blocks });
  database.writeControl();
}
