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
  /** Bytes that the source held beyond the copied ones when the copy ended: it grew meanwhile (rule 54). */
  readonly grownBytes?: number;
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

/** Reads a copy again. Errors: a file that cannot be read; damage is in the result. */
export interface VerifyRequest {
  readonly path: FilePath;
  /** The mode in which the copy was taken: it says which verdicts are damage. */
  readonly mode: CopyMode;
  readonly blockSize: number;
  readonly relativeFile?: number;
  readonly bigfile?: boolean;
  /** Hex SHA-256 that the manifest has. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
  readonly stallMs: number;
  readonly onProgress?: (bytesDone: number) => void | Promise<void>;
}

export interface VerifyResult {
  readonly bytes: number;
  readonly sha256: string;
  /** Absent where the request had none to compare with. */
  readonly sha256Matches?: boolean;
  readonly blocks: BlockTally;
  /** The first blocks, at most 20, that the mode does not explain. */
  readonly damaged: readonly DamagedBlock[];
  /** Why the file's block 0, or its size against it, is wrong; its blocks were not judged then. */
  readonly problem?: string;
  readonly head: Buffer;
}

export interface DamagedBlock {
  readonly block: number;
  /** all-zero, bad-header, fractured, checksum. */
  readonly verdict: string;
}

/** The image-copy engine. Copies of different files may run at the same time. Disposing ends its threads. */
export interface Copier extends AsyncDisposable {
  copy(request: CopyRequest): Promise<CopyResult>;
  verify(request: VerifyRequest): Promise<VerifyResult>;
}
