import {
  blockRdba,
  blockScn,
  blockSeq,
  blockType,
  type BlockVerdict,
  judgeBlock,
  rdba,
  sealBlock,
} from "../files/block.ts";
import type { DatafileRecord } from "./control-file.ts";
import type { DataFiles } from "./data-files.ts";
import { blockError, fileError } from "./refusals.ts";

/** A block in memory. Its header holds SCN and seq of the last change; check value and tail are made when it is written. */
export interface CachedBlock {
  readonly file: DatafileRecord;
  readonly block: number;
  readonly buffer: Buffer;
  dirty: boolean;
  writing: Promise<void> | undefined;
  /** Backup of the file in which the whole block was logged since it came into the cache; 0 none. */
  imageEpoch: number;
  /** What judgeBlock said when it was read for recovery; "ok" for sound and fresh blocks. */
  verdict: BlockVerdict;
}

export interface CacheHooks {
  flushRedo(): void;
  pause(): Promise<void>;
  isSuspended(): boolean;
  resumed(): Promise<void>;
  isDead(): boolean;
  dirtied(): void;
}

const key = (file: number, block: number): number => file * 2 ** 32 + block;
const DEFAULT_BLOCKS = 8_192;

export class BufferCache {
  private readonly blocks = new Map<number, CachedBlock>();
  private readonly dirtyBlocks = new Set<CachedBlock>();
  /** Writes whose second half is still to come. */
  private readonly underway = new Map<CachedBlock, Buffer>();
  private readonly files: DataFiles;
  private readonly hooks: CacheHooks;
  private readonly bound: number;
  private readonly bigfile: (file: DatafileRecord) => boolean;

  constructor(
    files: DataFiles,
    hooks: CacheHooks,
    bigfile: (file: DatafileRecord) => boolean,
    bound = DEFAULT_BLOCKS,
  ) {
    this.files = files;
    this.hooks = hooks;
    this.bigfile = bigfile;
    this.bound = bound;
  }

  /** A sound block; ORA-01578 for a damaged one, ORA-01157 or 01116 where the file cannot be read. */
  read(file: DatafileRecord, block: number): CachedBlock {
    const entry = this.inspect(file, block);
    if (entry.verdict !== "ok" && entry.verdict !== "empty") {
      this.blocks.delete(key(file.file, block));
      throw blockError(file, block);
    }
    return entry;
  }

  /** The block as it is on disk, damaged or not: for recovery. */
  inspect(file: DatafileRecord, block: number): CachedBlock {
    const at = key(file.file, block);
    const cached = this.blocks.get(at);
    if (cached !== undefined) {
      this.blocks.delete(at);
      this.blocks.set(at, cached);
      return cached;
    }
    const buffer = Buffer.allocUnsafeSlow(file.blockSize).fill(0);
    this.readInto(file, block, buffer);
    return this.keep({
      file,
      block,
      buffer,
      dirty: false,
      writing: undefined,
      imageEpoch: 0,
      verdict: judgeBlock(buffer, { rdba: this.address(file, block) }),
    });
  }

  /** A block whose old contents do not matter: zeroes with type and address to come. */
  fresh(file: DatafileRecord, block: number): CachedBlock {
    const cached = this.blocks.get(key(file.file, block));
    if (cached !== undefined) {
      cached.buffer.fill(0);
      cached.verdict = "ok";
      return cached;
    }
    const buffer = Buffer.allocUnsafeSlow(file.blockSize).fill(0);
    return this.keep({ file, block, buffer, dirty: false, writing: undefined, imageEpoch: 0, verdict: "ok" });
  }

  /** Stamps the block with its last change and remembers to write it. */
  stamp(entry: CachedBlock, scn: bigint, seq: number): void {
    const { buffer } = entry;
    buffer.writeUInt32LE(this.address(entry.file, entry.block), 4);
    buffer.writeUInt32LE(Number(scn & 0xff_ff_ff_ffn), 8);
    buffer.writeUInt16LE(Number(scn >> 32n), 12);
    buffer.writeUInt8(seq, 14);
    entry.dirty = true;
    if (this.dirtyBlocks.size === 0) this.hooks.dirtied();
    this.dirtyBlocks.add(entry);
  }

  dirty(file?: number): CachedBlock[] {
    const all = [...this.dirtyBlocks];
    return file === undefined ? all : all.filter((entry) => entry.file.file === file);
  }

  get dirtyCount(): number {
    return this.dirtyBlocks.size;
  }

  /** Writes in two halves with a pause between them, as a disk may: who reads the file meanwhile sees a fractured block. */
  async write(entry: CachedBlock): Promise<void> {
    while (this.hooks.isSuspended() || entry.writing !== undefined) {
      await (entry.writing ?? this.hooks.resumed());
    }
    if (!entry.dirty || this.hooks.isDead()) return;
    this.hooks.flushRedo();
    const image = this.sealed(entry);
    this.clean(entry);
    entry.writing = this.writeHalves(entry, image);
    this.underway.set(entry, image);
    try {
      await entry.writing;
    } finally {
      entry.writing = undefined;
      this.underway.delete(entry);
    }
  }

  /** At once and whole: for recovery and other work that nobody watches. */
  writeNow(entry: CachedBlock): void {
    if (!entry.dirty) return;
    this.hooks.flushRedo();
    const image = this.sealed(entry);
    this.clean(entry);
    this.files.write(entry.file, image, entry.block * entry.file.blockSize);
  }

  /** Waits for writes under way in a file (all files without one). */
  async settled(file?: number): Promise<void> {
    for (const entry of Array.from(this.underway.keys())) {
      if (file === undefined || entry.file.file === file) await entry.writing;
    }
  }

  /** Forgets the blocks of a file, dirty or not, from a block on. A write under way is carried out: no half block stays behind. */
  forget(file: number, from = 0): void {
    for (const [at, entry] of this.blocks) {
      if (entry.file.file !== file || entry.block < from) continue;
      const image = this.underway.get(entry);
      if (image !== undefined) this.finishWrite(entry, image);
      this.blocks.delete(at);
      this.clean(entry);
    }
  }

  private finishWrite(entry: CachedBlock, image: Buffer): void {
    try {
      this.secondHalf(entry, image);
    } catch {
      // The file is gone, and the block with it.
    }
  }

  /** The process is dead, but writes that it had handed to the operating system are carried out. */
  abandon(): void {
    for (const [entry, image] of this.underway) {
      if (this.blocks.get(key(entry.file.file, entry.block)) === entry) this.secondHalf(entry, image);
    }
    this.clear();
  }

  clear(): void {
    this.blocks.clear();
    this.dirtyBlocks.clear();
  }

  private async writeHalves(entry: CachedBlock, image: Buffer): Promise<void> {
    const half = image.length / 2;
    const position = entry.block * entry.file.blockSize;
    this.files.write(entry.file, image.subarray(0, half), position);
    await this.hooks.pause();
    if (this.hooks.isDead() || this.blocks.get(key(entry.file.file, entry.block)) !== entry) return;
    this.secondHalf(entry, image);
  }

  private secondHalf(entry: CachedBlock, image: Buffer): void {
    const half = image.length / 2;
    this.files.write(entry.file, image.subarray(half), entry.block * entry.file.blockSize + half);
  }

  private sealed(entry: CachedBlock): Buffer {
    const image = Buffer.from(entry.buffer);
    sealBlock(image, {
      type: blockType(image),
      rdba: blockRdba(image),
      scn: blockScn(image),
      seq: blockSeq(image),
    });
    return image;
  }

  private clean(entry: CachedBlock): void {
    entry.dirty = false;
    this.dirtyBlocks.delete(entry);
  }

  private readInto(file: DatafileRecord, block: number, buffer: Buffer): void {
    try {
      this.files.read(file, buffer, block * file.blockSize);
    } catch {
      throw fileError(1116, file, ["ORA-27041: unable to open file"]);
    }
  }

  private address(file: DatafileRecord, block: number): number {
    return rdba({ relativeFile: file.relativeFile, block, bigfile: this.bigfile(file) });
  }

  private keep(entry: CachedBlock): CachedBlock {
    this.blocks.set(key(entry.file.file, entry.block), entry);
    if (this.blocks.size > this.bound) this.evict();
    return entry;
  }

  private evict(): void {
    for (const [at, entry] of this.blocks) {
      if (this.blocks.size <= this.bound * 0.9) return;
      if (!entry.dirty && entry.writing === undefined) this.blocks.delete(at);
    }
  }
}
