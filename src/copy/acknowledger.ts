import type { Ring } from "./ring.ts";
import type { Transfer } from "./transfer.ts";

/** Takes the chunks that are written, in any order; tells the progress in order, and gives each slot back after that. */
export class Acknowledger {
  readonly #transfer: Transfer;
  readonly #ring: Ring;
  readonly #written = new Set<number>();
  #next = 0;
  #telling = false;

  constructor(transfer: Transfer, ring: Ring) {
    this.#transfer = transfer;
    this.#ring = ring;
  }

  /** True while the caller's promise is open: the copy stands still because the caller wants it. */
  get waitsForCaller(): boolean {
    return this.#telling;
  }

  get done(): boolean {
    return this.#next * this.#ring.chunkBytes >= this.#transfer.layout.bytes;
  }

  /** Rejects where the caller's progress call fails. */
  async take(chunk: number): Promise<void> {
    this.#written.add(chunk);
    if (this.#telling) return;
    this.#telling = true;
    while (this.#written.delete(this.#next)) {
      const { layout, onProgress } = this.#transfer;
      const told = onProgress?.(Math.min(layout.bytes, (this.#next + 1) * this.#ring.chunkBytes));
      if (told !== undefined) await told;
      this.#ring.acknowledge(this.#next);
      this.#next += 1;
    }
    this.#telling = false;
  }
}
