import { blockScn } from "../formats/block-scn.ts";
import type { ByteOrder } from "../formats/byte-order.ts";
import type { ByteExtent, ListCheckpoints, ListDoubt } from "../ports/copier.ts";
import type { Run } from "./in-place.ts";

export interface TestimonyAbout {
  readonly blockSize: number;
  readonly byteOrder: ByteOrder;
  readonly newerThan: ListCheckpoints;
  /** Bytes of whole blocks that the copy held before. */
  readonly oldBytes: number;
}

/** Blocks 0 and 1 change with every checkpoint and have no SCN of their own. */
const WITHOUT_TESTIMONY = 2;

/**
 * What the listed blocks themselves say of a list. A copy has every change up to its checkpoint, and whatever was written
 * after the begin of the list is newer than the file's checkpoint there. So a block that differs and is not newer than
 * the copy, and a run without one block newer than the begin, are signs of a list that lies. Blocks that were formatted
 * and never changed say nothing.
 */
export class ListTestimony {
  readonly #about: TestimonyAbout;
  readonly #runOf: ReadonlyMap<number, number>;
  /** By the number of the run: it has a block that bears the list out. */
  readonly #borneOut = new Set<number>();
  /** The first block of each run that has some, all old. */
  readonly #old = new Map<number, number>();
  #older = 0;
  #firstOlder: number | undefined;

  /** Pieces as they will be heard: in order, apart or touching each other. */
  constructor(about: TestimonyAbout, pieces: readonly ByteExtent[]) {
    this.#about = about;
    const runOf = new Map<number, number>();
    let end = -1;
    let run = -1;
    for (const { offset, bytes } of pieces) {
      if (offset !== end) run += 1;
      runOf.set(offset, run);
      end = offset + bytes;
    }
    this.#runOf = runOf;
  }

  /** A piece that was read; `differing`: where the copy was otherwise. */
  hear(chunk: Buffer, position: number, differing: readonly Run[]): void {
    const { blockSize, byteOrder, newerThan, oldBytes } = this.#about;
    const run = this.#runOf.get(position) ?? -1;
    const differs = (at: number) => differing.some(({ from, to }) => at >= from && at < to);
    for (let at = 0; at < chunk.length; at += blockSize) {
      const block = (position + at) / blockSize;
      if (block < WITHOUT_TESTIMONY || position + at >= oldBytes) {
        this.#borneOut.add(run);
        continue;
      }
      const scn = chunk[at] === 0 ? 0n : blockScn(chunk, at, byteOrder);
      const isOther = differs(at);
      if (isOther && scn > 0n && scn <= newerThan.copy) this.#tellOlder(block);
      if (scn > newerThan.begin || (scn === 0n && isOther)) this.#borneOut.add(run);
      else if (scn > 0n && !this.#old.has(run)) this.#old.set(run, block);
    }
  }

  /** After all pieces; undefined where nothing speaks against the list. */
  doubt(): ListDoubt | undefined {
    if (this.#firstOlder !== undefined) {
      return { why: "older", block: this.#firstOlder, count: this.#older };
    }
    const stale = [...this.#old].filter(([run]) => !this.#borneOut.has(run)).map(([, block]) => block);
    if (stale.length === 0) return undefined;
    return { why: "nothing-new", block: Math.min(...stale), count: stale.length };
  }

  #tellOlder(block: number): void {
    this.#older += 1;
    this.#firstOlder = Math.min(block, this.#firstOlder ?? block);
  }
}
