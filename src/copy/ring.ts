/**
 * Memory that the two threads of a copy share: a ring of chunks and a few words of control. The reading thread fills
 * the slots in order, the hashing thread takes them in the same order, and the main thread has each sound chunk written
 * by the pool of the file system. A slot is filled again when it is hashed and its writing is acknowledged.
 */
export interface RingMemory {
  readonly control: SharedArrayBuffer;
  readonly chunks: SharedArrayBuffer;
}

/** 1 MiB: measured best; larger pieces leave the processor's cache before they are hashed and written. */
export const CHUNK_BYTES = 1_048_576;
export const SLOTS = 6;

export const slotState = { free: 0, full: 1, damaged: 2, repaired: 3 } as const;
type SlotState = (typeof slotState)[keyof typeof slotState];

const CANCELLED = 0;
const WRITTEN = 2;
const HASHED = 3;
const ACKNOWLEDGED = 4;
const READ = 5;
const FIRST_SLOT = 8;
const WORDS = FIRST_SLOT + SLOTS;

/** A wake-up that is lost costs at most this; a wait is never without end. */
const RECHECK_MS = 50;

/** Thrown inside a thread when the copy was given up. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

export function ringMemory(): RingMemory {
  return {
    control: new SharedArrayBuffer(4 * WORDS),
    chunks: pageAligned(SLOTS * CHUNK_BYTES),
  };
}

const WASM_PAGE = 65_536;

/** The part of WebAssembly that is wanted; the types of Node do not name it. */
interface SharedPages {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => {
    readonly buffer: SharedArrayBuffer;
  };
}

/** Shared memory that begins on a page, which direct I/O asks for: only WebAssembly promises that. */
function pageAligned(bytes: number): SharedArrayBuffer {
  const pages = Math.ceil(bytes / WASM_PAGE);
  const { Memory } = (globalThis as unknown as { readonly WebAssembly: SharedPages }).WebAssembly;
  return new Memory({ initial: pages, maximum: pages, shared: true }).buffer;
}

export class Ring {
  readonly #words: Int32Array;
  readonly #slots: readonly Buffer[];

  constructor(memory: RingMemory) {
    this.#words = new Int32Array(memory.control);
    this.#slots = Array.from({ length: SLOTS }, (_, slot) =>
      Buffer.from(memory.chunks, slot * CHUNK_BYTES, CHUNK_BYTES),
    );
  }

  reset(): void {
    this.#words.fill(0);
  }

  /** Memory of the slot that chunk number `chunk` goes through. */
  memory(chunk: number): Buffer {
    return this.#slots[chunk % SLOTS] as Buffer;
  }

  state(chunk: number): SlotState {
    return Atomics.load(this.#words, FIRST_SLOT + (chunk % SLOTS)) as SlotState;
  }

  setState(chunk: number, state: SlotState): void {
    this.#set(FIRST_SLOT + (chunk % SLOTS), state);
  }

  /** Sleeps until the slot of a chunk has one of the states. Throws `Cancelled`. */
  waitFor(chunk: number, wanted: readonly SlotState[]): SlotState {
    for (;;) {
      this.throwIfCancelled();
      const state = this.state(chunk);
      if (wanted.includes(state)) return state;
      Atomics.wait(this.#words, FIRST_SLOT + (chunk % SLOTS), state, RECHECK_MS);
    }
  }

  /** Sleeps until at least `chunks` chunks are written and their progress is told. */
  waitForAcknowledged(chunks: number): void {
    for (;;) {
      this.throwIfCancelled();
      const acknowledged = Atomics.load(this.#words, ACKNOWLEDGED);
      if (acknowledged >= chunks) return;
      Atomics.wait(this.#words, ACKNOWLEDGED, acknowledged, RECHECK_MS);
    }
  }

  pause(ms: number): void {
    Atomics.wait(this.#words, CANCELLED, 0, ms);
    this.throwIfCancelled();
  }

  throwIfCancelled(): void {
    if (Atomics.load(this.#words, CANCELLED) !== 0) throw new Cancelled();
  }

  cancel(): void {
    this.#set(CANCELLED, 1);
    for (let word = FIRST_SLOT; word < WORDS; word += 1) Atomics.notify(this.#words, word);
    Atomics.notify(this.#words, ACKNOWLEDGED);
  }

  countRead(): void {
    Atomics.add(this.#words, READ, 1);
  }

  countWritten(): void {
    Atomics.add(this.#words, WRITTEN, 1);
  }

  countHashed(): void {
    Atomics.add(this.#words, HASHED, 1);
  }

  acknowledge(chunks: number): void {
    this.#set(ACKNOWLEDGED, chunks);
  }

  /** Changes whenever either thread got on. */
  get progress(): number {
    return [READ, WRITTEN, HASHED].reduce((sum, word) => sum + Atomics.load(this.#words, word), 0);
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, word, value);
    Atomics.notify(this.#words, word);
  }
}
