import { closeSync, mkdirSync, openSync, readSync, writeSync, ftruncateSync } from "node:fs";
import { dirname } from "node:path";
import {
  decodeRedoHeader,
  redoBlockOk,
  redoOsHeader,
  redoRecordOffset,
  REDO_BLOCK_HEADER_BYTES,
  type RedoHeader,
} from "../files/redo-file.ts";
import { decodeOsHeader } from "../files/os-header.ts";
import { decodeRecord, recordLength, type RedoRecord } from "./redo-record.ts";

/** A log file as found on disk. `endBlock` is the first block that no longer belongs to it. */
export interface LogFile {
  readonly path: string;
  readonly header: RedoHeader;
  /** Blocks that the file really has, block 0 included. */
  readonly fileBlocks: number;
}

/** Lays out an empty online log (or what is left of an old one, cleared). */
export function formatLog(path: string, blockSize: number, blocks: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, "w");
  try {
    writeSync(fd, redoOsHeader(blockSize, blocks), 0, blockSize, 0);
    ftruncateSync(fd, (blocks + 1) * blockSize);
  } finally {
    closeSync(fd);
  }
}

/** undefined where the path is no redo log. */
export function identifyLog(path: string): LogFile | undefined {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const first = Buffer.alloc(512);
    if (readSync(fd, first, 0, 512, 0) < 512) return undefined;
    const os = decodeOsHeader(first);
    if (os === undefined || (os.blockSize !== 512 && os.blockSize !== 4096)) return undefined;
    const block = Buffer.alloc(os.blockSize);
    readSync(fd, block, 0, os.blockSize, os.blockSize);
    const header = decodeRedoHeader(block);
    return header === undefined ? undefined : { path, header, fileBlocks: os.blocks + 1 };
  } finally {
    closeSync(fd);
  }
}

export type LogRead = { readonly record: RedoRecord } | { readonly damagedBlock: number };

const READ_BLOCKS = 512;

/**
 * The records of a log in order. An archived log that ends early or holds a block that is not its own ends with the
 * number of that block; in an online log (`nab` open) the first such block is the end.
 */
export function* readRecords(log: LogFile): Iterable<LogRead> {
  const { blockSize, sequence } = log.header;
  const open = log.header.nextScn === null;
  const end = open ? log.fileBlocks : log.header.nab;
  const fd = openSync(log.path, "r");
  try {
    let run: Buffer[] = [];
    for (let first = 2; first < end; first += READ_BLOCKS) {
      const chunk = Buffer.alloc(Math.min(READ_BLOCKS, end - first) * blockSize);
      readSync(fd, chunk, 0, chunk.length, first * blockSize);
      for (let index = 0; index * blockSize < chunk.length; index += 1) {
        const block = chunk.subarray(index * blockSize, (index + 1) * blockSize);
        if (!redoBlockOk(block, { block: first + index, sequence })) {
          yield* recordsOf(run);
          if (!open) yield { damagedBlock: first + index };
          return;
        }
        // A record begins right behind the block header: what came before is complete, padding included.
        if (redoRecordOffset(block) === REDO_BLOCK_HEADER_BYTES) {
          yield* recordsOf(run);
          run = [];
        }
        run.push(block.subarray(REDO_BLOCK_HEADER_BYTES));
      }
    }
    yield* recordsOf(run);
  } finally {
    closeSync(fd);
  }
}

/** Records of blocks that were written together. A record whose end is missing was never flushed as a whole: dropped. */
function* recordsOf(run: readonly Buffer[]): Iterable<LogRead> {
  if (run.length === 0) return;
  const bytes = run.length === 1 ? (run[0] as Buffer) : Buffer.concat(run);
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = recordLength(bytes.subarray(at));
    if (length === 0 || at + length > bytes.length) return;
    yield { record: decodeRecord(bytes.subarray(at, at + length)) };
    at += length;
  }
}
