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

/** How the changed blocks of a datafile are found. */
export type FindChanges =
  /** Source and copy are read and compared: proves the copy as it goes. */
  | { readonly by: "compare" }
  /**
   * Only the source is read, and each block's hash compared with the stored one. It trusts the copy, so something else
   * must read the copy in turn. Without hashes that belong to this copy it compares, and `foundBy` says so.
   */
  | { readonly by: "hashes" }
  | ListedChanges;

/**
 * Only these bytes of source and copy are read, and what the source has grown by. Any order, overlaps are allowed. It
 * trusts whoever made the list, so each block that is read must bear it out: see `ListDoubt`.
 */
export interface ListedChanges {
  readonly by: "list";
  readonly extents: readonly ByteExtent[];
  /** What the SCNs of listed blocks are compared with. Absent: no block is asked. */
  readonly newerThan?: ListCheckpoints;
  /**
   * Then all of the copy is compared with the source, which must stand still, as a snapshot does, and be where the list
   * ends: a block that still differs is one that the list lacks.
   */
  readonly prove?: true;
}

export interface ListCheckpoints {
  /** Of the file where the list begins: whatever was written since is newer. */
  readonly begin: bigint;
  /** Of the copy: it has every change up to there. Not below `begin`. */
  readonly copy: bigint;
}

/**
 * Why a list of changes is not believed. The copy was compared whole then, and is good.
 * `older`: a listed block differs from the copy's and is not newer than the copy's checkpoint: the copy lacked it before,
 * or the source is not the file that the list is about. `nothing-new`: a listed run of which no block is newer than the
 * checkpoint at the list's begin: the list is about something else. `unlisted`: only `prove` finds them.
 */
export interface ListDoubt {
  readonly why: "older" | "nothing-new" | "unlisted";
  /** The first such block; of unlisted ones it is not known. */
  readonly block?: number;
  /** Blocks, or runs of them. */
  readonly count: number;
}

export interface ByteExtent {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * A file with a hash of 8 bytes for each block of the copy, for copies up to 256 GiB of 8 KiB blocks. It only saves work:
 * where snapshots are taken of the copy, it is better kept elsewhere.
 */
export interface StoredHashes {
  readonly path: FilePath;
  /** The copy's state before, as the manifest names it: hashes of another one are not used. */
  readonly generation: string;
  /** The state that this refresh makes. Must differ from all before. */
  readonly next: string;
}

/**
 * Brings an image copy forward where it lies: only blocks that differ are written, and the copy gets the source's size.
 * Until it resolves the copy is a mixture of two states: the caller marks it dirty before and clean after. After an
 * error, an abort or a crash, at any point, the same request made again makes it whole; only `list` needs for that every
 * extent that changed since the copy was last clean. After UMB-6103 end the process first: a call that still hangs could
 * write an older block over a newer one.
 */
export interface RefreshRequest extends Omit<CopyRequest, "mode"> {
  /** The copy, under its final name. A symbolic link, or the source itself, is refused. */
  readonly target: FilePath;
  readonly mode: Extract<CopyMode, "backup-mode" | "consistent">;
  readonly changes: FindChanges;
  /**
   * Where hashes are kept: to be named in every refresh of a copy that has them, whatever finds the changes. The file is
   * removed, durably, before the first block is written, and written again after the last one is durable; a power
   * failure may cost it. With `list` it is brought forward only where it belonged to the copy, or all is compared.
   */
  readonly hashes?: StoredHashes;
}

/** The copy is durable. */
export interface RefreshResult {
  readonly bytes: number;
  /** Hex SHA-256 of the copy's content; absent where only a list was read. With `hashes` it rests on the trust in the copy. */
  readonly sha256?: string;
  /** The blocks that were read of the source. */
  readonly blocks: BlockTally;
  /** What really found the changes. `compare` also where a list was proved, or not believed. */
  readonly foundBy: FindChanges["by"];
  readonly doubt?: ListDoubt;
  readonly blocksWritten: number;
  readonly bytesWritten: number;
  /** The hashes for the next refresh were stored. */
  readonly hashesKept: boolean;
  readonly head: Buffer;
  /** See `CopyResult`. */
  readonly grownBytes?: number;
}

/**
 * One pass of a copy that is made in several, so that the last one, over a source that nobody writes any more, is short:
 * `mark` reads the copy and notes a mark of each piece; `forward` reads the source, writes the pieces that have another
 * mark, and notes theirs; `settle` makes the copy durable, reads it, and compares it with the marks. A pass that did not
 * end is made again from `mark`.
 */
export interface ForwardRequest extends Omit<CopyRequest, "mode"> {
  readonly pass: "mark" | "forward" | "settle";
  /** `consistent`: a bad block among the written ones is read again, then it is an error. */
  readonly mode: Extract<CopyMode, "backup-mode" | "consistent">;
  /** A file of the pass's own, beside the copy. */
  readonly marks: FilePath;
}

export interface ForwardResult {
  readonly bytes: number;
  readonly bytesWritten: number;
  /** The first two blocks of the copy. */
  readonly head: Buffer;
  /** `settle`: pieces in which the copy is not what the last `forward` read. */
  readonly differing: number;
  /** See `CopyResult`. */
  readonly grownBytes?: number;
}

/** The image-copy engine. Copies of different files may run at the same time. Disposing ends its threads. */
export interface Copier extends AsyncDisposable {
  copy(request: CopyRequest): Promise<CopyResult>;
  verify(request: VerifyRequest): Promise<VerifyResult>;
  /** Errors as those of `copy`, and UMB-6105 where the storage is full. */
  refresh(request: RefreshRequest): Promise<RefreshResult>;
  /** Errors as those of `refresh`; not durable before `settle`. */
  forward(request: ForwardRequest): Promise<ForwardResult>;
}
