import { posix } from "node:path";

import type { Files, OpenFile } from "../../../src/copy/files.ts";

type Change = (content: Buffer) => Buffer;

interface Inode {
  readonly number: bigint;
  content: Buffer;
  modified: bigint;
  durable: Buffer;
  durableModified: bigint;
  /** Since the last flush. */
  pending: Change[];
}

type Names = Map<string, Inode>;

/** Thrown by every call from the one at which the power fails. */
class PowerFailed extends Error {}

/**
 * A disk that keeps after a power failure only what was flushed, and of the rest any part: of the writes to a file any
 * of them, of the changes of names the first few, as a journal does; of a file's time the old or the new one.
 */
export class ForgetfulDisk {
  #names: Names = new Map();
  #durableNames: Names = new Map();
  #pendingNames: ((names: Names) => void)[] = [];
  #ticks = 1n;
  #calls = 0;
  #failAt = Infinity;

  /** The power fails at this call that changes something, after its effect; 1 is the next. */
  failAt(call: number): void {
    this.#calls = 0;
    this.#failAt = call;
  }

  /** Power again. `chance` gives numbers from 0 to below 1. */
  restart(chance: () => number): void {
    this.#failAt = Infinity;
    const kept = Math.floor(chance() * (this.#pendingNames.length + 1));
    for (const change of this.#pendingNames.slice(0, kept)) change(this.#durableNames);
    this.#pendingNames = [];
    this.#names = new Map(this.#durableNames);
    for (const inode of this.#names.values()) {
      for (const change of inode.pending) if (chance() < 0.5) inode.durable = change(inode.durable);
      inode.pending = [];
      if (chance() < 0.5) inode.durableModified = inode.modified;
      inode.content = Buffer.from(inode.durable);
      inode.modified = inode.durableModified;
    }
  }

  get isDown(): boolean {
    return this.#calls >= this.#failAt;
  }

  read(path: string): Buffer {
    return Buffer.from(this.#inode(path).content);
  }

  /** A durable file, whatever was there. */
  put(path: string, content: Uint8Array): void {
    const number = this.#names.get(path)?.number ?? ++this.#ticks;
    const modified = ++this.#ticks;
    const inode: Inode = {
      number,
      content: Buffer.from(content),
      modified,
      durable: Buffer.from(content),
      durableModified: modified,
      pending: [],
    };
    this.#names.set(path, inode);
    this.#durableNames.set(path, inode);
  }

  readonly files: Files = {
    openSource: (path) => this.#try(() => this.#open(this.#inode(path))),
    openExisting: (path) => this.#try(() => this.#open(this.#inode(path))),
    createNew: (path) =>
      this.#try(() => {
        if (this.#names.has(path)) throw errno("EEXIST");
        const empty = { content: Buffer.alloc(0), durable: Buffer.alloc(0) };
        const number = ++this.#ticks;
        const inode: Inode = { ...empty, number, modified: number, durableModified: number, pending: [] };
        this.#rename((names) => void names.set(path, inode));
        return this.#open(inode);
      }),
    isRegular: (path) => this.#try(() => this.#inode(path) !== undefined),
    isPlainEntry: (path) => this.#try(() => this.#inode(path) !== undefined),
    rename: (from, to) =>
      this.#try(() => {
        const inode = this.#inode(from);
        this.#rename((names) => void (names.delete(from), names.set(to, inode)));
      }),
    remove: (path) =>
      this.#try(() => {
        this.#inode(path);
        this.#rename((names) => void names.delete(path));
      }),
    syncDirectory: (path) =>
      this.#try(() => {
        if (!posix.isAbsolute(path)) throw errno("ENOENT");
        for (const change of this.#pendingNames) change(this.#durableNames);
        this.#pendingNames = [];
        this.#effect();
      }),
  };

  #open(inode: Inode): OpenFile {
    const read = (buffer: Buffer, offset: number, length: number, position: number) => {
      const bytesRead = Math.max(0, Math.min(length, inode.content.length - position));
      inode.content.copy(buffer, offset, position, position + bytesRead);
      return { bytesRead, buffer };
    };
    const change = (made: Change) => {
      inode.content = made(inode.content);
      inode.pending.push(made);
      inode.modified = ++this.#ticks;
      this.#effect();
    };
    const stat = () => ({
      size: inode.content.length,
      mtimeNs: inode.modified,
      dev: 1n,
      ino: inode.number,
      isFile: () => true,
    });
    const file = {
      fd: -1,
      stat: () => this.#try(stat),
      read: (buffer: Buffer, offset: number, length: number, position: number) =>
        this.#try(() => read(buffer, offset, length, position)),
      write: (buffer: Buffer, offset: number, length: number, position: number) =>
        this.#try(() => {
          const bytes = Buffer.from(buffer.subarray(offset, offset + length));
          change((content) => written(content, bytes, position));
          return { bytesWritten: length, buffer };
        }),
      truncate: (size: number) => this.#try(() => change((content) => resized(content, size))),
      sync: () =>
        this.#try(() => {
          inode.durable = Buffer.from(inode.content);
          inode.durableModified = inode.modified;
          inode.pending = [];
          this.#effect();
        }),
      close: () => Promise.resolve(),
    };
    return file as unknown as OpenFile;
  }

  #rename(change: (names: Names) => void): void {
    change(this.#names);
    this.#pendingNames.push(change);
    this.#effect();
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw errno("ENOENT");
    return inode;
  }

  #effect(): void {
    this.#calls += 1;
    if (this.isDown) throw new PowerFailed();
  }

  #try<T>(call: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (this.isDown) throw new PowerFailed();
      resolve(call());
    });
  }
}

function written(content: Buffer, bytes: Buffer, position: number): Buffer {
  const result = Buffer.from(resized(content, Math.max(content.length, position + bytes.length)));
  bytes.copy(result, position);
  return result;
}

function resized(content: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size);
  content.copy(result, 0, 0, Math.min(size, content.length));
  return result;
}

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}
