import { closeSync, openSync, readSync } from "node:fs";

import { blockScn, type BlockVerdict, judgeBlock, rdba } from "../../files/block.ts";
import { BIGFILE_RELATIVE_FILE } from "../../files/datafile-header.ts";
import { OraError } from "../../engine/ora-error.ts";
import type { SimulatedDatabase } from "../database.ts";

/** Blocks between two turns of others: the database goes on while it is read. */
const CHUNK_BLOCKS = 128;
/** How often a block is read again that was caught while it was written. */
const ATTEMPTS = 5;

/** What is read: a datafile of the database, or a copy of one. */
export interface ReadableFile {
  readonly file: number;
  readonly relativeFile: number;
  readonly path: string;
  readonly blockSize: number;
}

export interface ReadBlock {
  readonly number: number;
  readonly scn: bigint;
  readonly verdict: BlockVerdict;
  /** Valid until the next one. */
  readonly bytes: Buffer;
}

/**
 * Blocks 2 to `blocks` as a server process of RMAN sees them: without the buffer cache, again where a block is fractured.
 * A damaged one is handed on with its verdict. Ends early where the file does.
 */
export async function* readBlocks(
  database: SimulatedDatabase,
  file: ReadableFile,
  blocks: number,
): AsyncGenerator<ReadBlock, void> {
  const fd = opened(file);
  try {
    const chunk = Buffer.alloc(CHUNK_BLOCKS * file.blockSize);
    for (let first = 2; first <= blocks; first += CHUNK_BLOCKS) {
      const wanted = Math.min(CHUNK_BLOCKS, blocks - first + 1) * file.blockSize;
      const read = readSync(fd, chunk, 0, wanted, first * file.blockSize);
      for (let at = 0; at + file.blockSize <= read; at += file.blockSize) {
        const bytes = chunk.subarray(at, at + file.blockSize);
        const number = first + at / file.blockSize;
        const verdict = await settledVerdict(database, file, { fd, number, bytes });
        yield { number, scn: verdict === "all-zero" ? 0n : blockScn(bytes), verdict, bytes };
      }
      if (read < wanted) return;
      await database.hooks.pause();
    }
  } finally {
    closeSync(fd);
  }
}

async function settledVerdict(
  database: SimulatedDatabase,
  file: ReadableFile,
  { fd, number, bytes }: { readonly fd: number; readonly number: number; readonly bytes: Buffer },
): Promise<BlockVerdict> {
  const bigfile = file.relativeFile === BIGFILE_RELATIVE_FILE;
  const address = rdba({ relativeFile: file.relativeFile, block: number, bigfile });
  for (let attempt = 1; ; attempt += 1) {
    const verdict = judgeBlock(bytes, { rdba: address });
    if (!isDamaged(verdict) || attempt === ATTEMPTS) return verdict;
    await database.cache.settled(file.file);
    await database.hooks.pause();
    readSync(fd, bytes, 0, bytes.length, number * file.blockSize);
  }
}

/** Blocks of zeroes and blocks marked by an earlier recovery do not stop a backup of this simulated instance. */
export function isDamaged(verdict: BlockVerdict): boolean {
  return verdict === "bad-header" || verdict === "fractured" || verdict === "checksum";
}

function opened(file: ReadableFile): number {
  try {
    return openSync(file.path, "r");
  } catch {
    throw notFound(file.path);
  }
}

/** ORA-19625: a file that is not where the control file says. */
export function notFound(path: string): OraError {
  return new OraError(19_625, `error identifying file ${path}`, {
    below: [
      "ORA-27037: unable to obtain file status",
      "Linux-x86_64 Error: 2: No such file or directory",
      "Additional information: 3",
    ],
  });
}

export function corrupt(path: string): OraError {
  return new OraError(19_566, `exceeded limit of 0 corrupt blocks for file ${path}`);
}

/** ORA-19504: what cannot be written. */
export function notCreated(path: string, error: unknown): OraError {
  const errno = error instanceof Error && "code" in error ? String(error.code) : "";
  if (errno === "ENOSPC")
    return new OraError(19_502, `write error on file "${path}"`, {
      below: ["ORA-27072: File I/O error", "Linux-x86_64 Error: 28: No space left on device"],
    });
  const reason =
    errno === "EEXIST"
      ? ["ORA-27038: created file already exists", "Additional information: 1"]
      : [
          "ORA-27040: file create error, unable to create file",
          errno === "EACCES"
            ? "Linux-x86_64 Error: 13: Permission denied"
            : "Linux-x86_64 Error: 2: No such file or directory",
          "Additional information: 1",
        ];
  return new OraError(19_504, `failed to create file "${path}"`, { below: reason });
}
