import { failureOf } from "./failure.ts";
import type { Opened } from "./opened.ts";
import { CHUNK_BYTES, type Ring } from "./ring.ts";
import type { Transfer } from "./transfer.ts";

/**
 * Takes the chunks that are judged, in order: has each written, tells the progress, and gives its slot back when the
 * caller's promise is kept. Writes of different chunks may be under way together; progress is told in order.
 */
export class SoundChunks {
  readonly #transfer: Transfer;
  readonly #ring: Ring;
  #last: Promise<void> = Promise.resolve();
  #writes = 0;
  #calls = 0;

  constructor(transfer: Transfer, ring: Ring) {
    this.#transfer = transfer;
    this.#ring = ring;
  }

  /** True while a write has not been answered by the storage. */
  get writing(): boolean {
    return this.#writes > 0;
  }

  /** True while the caller's promise is open: the copy stands still because the caller wants it. */
  get waitsForCaller(): boolean {
    return this.#calls > 0;
  }

  take(chunk: number, failed: (reason: unknown) => void): void {
    const written = this.#write(chunk);
    written.catch(failed);
    this.#last = this.#finish(this.#last, written, chunk);
    this.#last.catch(failed);
  }

  /** Kept when all chunks that were taken are written and told. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #finish(before: Promise<void>, written: Promise<void>, chunk: number): Promise<void> {
    await before;
    await written;
    const { layout, onProgress } = this.#transfer;
    this.#calls += 1;
    await onProgress?.(Math.min(layout.bytes, (chunk + 1) * CHUNK_BYTES));
    this.#calls -= 1;
    this.#ring.acknowledge(chunk + 1);
  }

  async #write(chunk: number): Promise<void> {
    const { target, layout } = this.#transfer;
    if (target === undefined) return;
    const position = chunk * CHUNK_BYTES;
    const content = this.#ring.memory(chunk).subarray(0, Math.min(CHUNK_BYTES, layout.bytes - position));
    this.#writes += 1;
    try {
      await writeFully(target, content, position);
      this.#ring.countWritten();
    } catch (error) {
      throw failureOf({ side: target.side, path: target.path, name: "write" }, error);
    } finally {
      this.#writes -= 1;
    }
  }
}

/** Direct writes begin and end on pages; what is left of the last page goes through the page cache. */
const PAGE = 4096;

async function writeFully({ file, direct }: Opened, from: Buffer, position: number): Promise<void> {
  const whole = from.length - (from.length % PAGE);
  let done = 0;
  if (direct !== undefined && whole > 0) {
    done = (await direct.write(from, 0, whole, position)).bytesWritten;
  }
  while (done < from.length) {
    done += (await file.write(from, done, from.length - done, position + done)).bytesWritten;
  }
}
