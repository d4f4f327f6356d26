import { chunkMemory, type Chunks } from "./ring-memory.ts";

/**
 * Memory that the threads of a copy share: a ring of chunks and a few words of control. The lanes read chunks into the
 * slots and judge them, the hashing thread hashes them in order, the lanes write what was hashed or is about to be, the
 * main thread acknowledges what is written. A slot is filled again when its chunk is hashed and acknowledged.
 */
export interface RingMemory extends RingShape {
  readonly control: SharedArrayBuffer;
  readonly chunks: Chunks;
}

export interface RingShape {
  readonly slots: number;
  /** A multiple of the largest Oracle block, 32 KiB: a chunk holds whole blocks and whole pages. */
  readonly chunkBytes: number;
}

/** Lanes keep this many reads and writes under way together. With huge pages a fourth gained nothing and cost 15 MiB. */
export const LANES = 3;

/**
 * Chunks of 1 MiB: measured best; larger ones leave the processor's cache before they are hashed. So many of them that
 * threads which wait for a processor do not wait for each other as well.
 */
export const RING: RingShape = { slots: 14, chunkBytes: 1_048_576 };

/** Words of control. Counters only grow; chunks are claimed for reading and for writing in order. */
const word = {
  cancelled: 0,
  /** Changes with everything that a thread may wait for. */
  events: 1,
  readClaims: 2,
  sound: 3,
  writeClaims: 4,
  hashed: 5,
  acknowledged: 6,
  /** Calls of the operating system that were answered. */
  steps: 7,
  writing: 8,
  /** From here one word a slot: number + 1 of the chunk that was read into it last. */
  slots: 9,
} as const;

const PAGE = 4096;

/** A wake-up that is lost costs at most this; a wait is never without end. */
const RECHECK_MS = 50;

/** Thrown inside a thread when the copy was given up. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

export function ringMemory(shape: RingShape): RingMemory {
  return {
    ...shape,
    control: new SharedArrayBuffer(4 * (word.slots + shape.slots)),
    chunks: chunkMemory((shape.slots + LANES) * shape.chunkBytes),
  };
}

/** What a lane does next. `done`: every chunk is written or taken by another lane for writing. */
export type LaneTask = { readonly kind: "read" | "write"; readonly chunk: number } | "done";

export class Ring {
  readonly chunkBytes: number;
  readonly #slots: number;
  readonly #words: Int32Array;
  readonly #chunks: Chunks;

  constructor(memory: RingMemory) {
    this.chunkBytes = memory.chunkBytes;
    this.#slots = memory.slots;
    this.#words = new Int32Array(memory.control);
    this.#chunks = memory.chunks;
  }

  /** Room for a chunk that one lane needs for itself. */
  spare(lane: number): Buffer {
    const { memory, base } = this.#chunks;
    return Buffer.from(memory, base + (this.#slots + lane) * this.chunkBytes, this.chunkBytes);
  }

  /** Does what is at an offset of the shared memory begin on a page? */
  isOnPage(offset: number): boolean {
    return (offset - this.#chunks.base) % PAGE === 0;
  }

  reset(): void {
    this.#words.fill(0);
  }

  /** The content of a chunk of a file of `bytes` bytes, in the slot that it goes through. */
  content(chunk: number, bytes: number): Buffer {
    const length = Math.min(this.chunkBytes, bytes - chunk * this.chunkBytes);
    const { memory, base } = this.#chunks;
    return Buffer.from(memory, base + (chunk % this.#slots) * this.chunkBytes, length);
  }

  /** Sleeps until there is something to do for a lane. Reading goes first: it must never wait for writing. */
  nextTask(chunks: number): LaneTask {
    return this.#until(() => {
      const read = this.#get(word.readClaims);
      if (read < chunks && this.#isFree(read) && this.#claim(word.readClaims, read, read + 1)) {
        return { kind: "read", chunk: read };
      }
      const write = this.#get(word.writeClaims);
      if (write < this.#get(word.sound) && this.#claim(word.writeClaims, write, write + 1)) {
        return { kind: "write", chunk: write };
      }
      return write >= chunks ? "done" : undefined;
    });
  }

  /** It is in its slot, judged, and does not change any more. */
  wasRead(chunk: number): void {
    this.#set(this.#slotWord(chunk), chunk + 1);
  }

  waitUntilRead(chunk: number): void {
    this.#until(() => this.#get(this.#slotWord(chunk)) === chunk + 1 || undefined);
  }

  /** All chunks up to this one were read: they may be written. */
  isSound(chunk: number): void {
    this.#set(word.sound, chunk + 1);
  }

  wasHashed(chunk: number): void {
    this.#set(word.hashed, chunk + 1);
  }

  acknowledge(chunk: number): void {
    this.#set(word.acknowledged, chunk + 1);
  }

  pause(ms: number): void {
    Atomics.wait(this.#words, word.cancelled, 0, ms);
    this.throwIfCancelled();
  }

  throwIfCancelled(): void {
    if (this.#get(word.cancelled) !== 0) throw new Cancelled();
  }

  cancel(): void {
    this.#set(word.cancelled, 1);
    Atomics.notify(this.#words, word.cancelled);
  }

  /** Around every write call: which side is to blame when nothing gets on. */
  writing<T>(call: () => T): T {
    Atomics.add(this.#words, word.writing, 1);
    try {
      return call();
    } finally {
      Atomics.sub(this.#words, word.writing, 1);
    }
  }

  get isWriting(): boolean {
    return this.#get(word.writing) > 0;
  }

  /** One call of the operating system was answered. */
  countStep(): void {
    Atomics.add(this.#words, word.steps, 1);
  }

  /** Changes whenever any thread got on. */
  get progress(): number {
    return this.#get(word.steps) + this.#get(word.hashed);
  }

  /** A slot is free when the chunk before in it is hashed and acknowledged. */
  #isFree(chunk: number): boolean {
    const before = chunk - this.#slots + 1;
    return this.#get(word.hashed) >= before && this.#get(word.acknowledged) >= before;
  }

  #slotWord(chunk: number): number {
    return word.slots + (chunk % this.#slots);
  }

  #until<T>(look: () => T | undefined): T {
    for (;;) {
      this.throwIfCancelled();
      const events = this.#get(word.events);
      const found = look();
      if (found !== undefined) return found;
      Atomics.wait(this.#words, word.events, events, RECHECK_MS);
    }
  }

  #get(index: number): number {
    return Atomics.load(this.#words, index);
  }

  #claim(index: number, seen: number, next: number): boolean {
    return Atomics.compareExchange(this.#words, index, seen, next) === seen;
  }

  #set(index: number, value: number): void {
    Atomics.store(this.#words, index, value);
    Atomics.add(this.#words, word.events, 1);
    Atomics.notify(this.#words, word.events);
  }
}
