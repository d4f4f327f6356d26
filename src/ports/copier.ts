import type { FilePath } from "../domain/names.ts";

/**
 * How the blocks of the source are judged while they are copied.
 * `backup-mode`: a fractured block is counted, redo holds its image (rule 52).
 * `consistent`: nobody writes the source; a bad block is read again a bounded number of times, then the copy fails.
 * `plain`: not an Oracle file with blocks (password file): hashed and copied only.
 * `redo`: an archived log: its blocks are checked as redo blocks, never torn legally.
 */
export type CopyMode = "backup-mode" | "consistent" | "plain" | "redo";

export interface CopyRequest {
  readonly source: FilePath;
  /** Final name. The copy is written under a temporary name beside it and renamed when it is durable. */
  readonly target: FilePath;
  readonly mode: CopyMode;
  /** Oracle block size of the source; 512 or 4096 for redo; ignored for `plain`. */
  readonly blockSize: number;
  /** Blocks without block 0, as the database said; more in the file is copied and reported, fewer is an error. */
  readonly expectedBlocks?: number;
  /** For the check of block addresses; absent: only the block number is checked. */
  readonly relativeFile?: number;
  readonly bigfile?: boolean;
  readonly signal?: AbortSignal;
  /** No progress for so long ends the copy with an error. */
  readonly stallMs: number;
  /** Called after each chunk with the bytes done so far; the copy waits for a promise. */
  readonly onProgress?: (bytesDone: number) => void | Promise<void>;
}

export interface CopyResult {
  readonly bytes: number;
  /** Hex SHA-256 of the bytes written, in order. */
  readonly sha256: string;
  readonly blocks: BlockTally;
  /** The first two blocks of the copy, for reading its header; shorter for a short file. */
  readonly head: Buffer;
}

/** Counts of a verified file. `examined` does not count block 0. */
export interface BlockTally {
  readonly examined: number;
  readonly ok: number;
  readonly empty: number;
  readonly fractured: number;
  readonly badChecksum: number;
  readonly badHeader: number;
  readonly allZero: number;
  readonly softCorrupt: number;
  /** Blocks that were read again before they were good. */
  readonly reread: number;
}
