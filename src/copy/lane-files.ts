import { readSync, writeSync } from "node:fs";

import { errnoOf, type Side } from "./failure.ts";
import type { Ring } from "./ring.ts";
import { ThreadError, type Descriptors, type Job } from "./thread-messages.ts";

/** Direct I/O begins and ends on pages, in the file and in memory; the rest of a piece goes through the page cache. */
const PAGE = 4096;

/** Smaller pieces, the changed blocks of a target, are left to the page cache, which the flush at the end writes in order. */
const DIRECT_FROM = 262_144;

/** `direct` goes where a file system takes the opening but refuses the transfer (EINVAL). */
type Changeable = { -readonly [K in keyof Descriptors]: Descriptors[K] };

type Call = (fd: number, piece: Buffer, offset: number, length: number, position: number) => number;

/** Reads and writes whole pieces in a thread that may block. */
export class LaneFiles {
  readonly #ring: Ring;
  readonly #source: Changeable;
  readonly #target: Changeable | undefined;

  constructor(ring: Ring, { source, target }: Job) {
    this.#ring = ring;
    this.#source = { ...source };
    this.#target = target && { ...target };
  }

  read(into: Buffer, position: number): void {
    this.#readFrom("source", this.#source, into, position);
  }

  /** What an older state of the file holds. */
  readTarget(into: Buffer, position: number): void {
    if (this.#target) this.#readFrom("target", this.#target, into, position);
  }

  /** Nothing where the job has no target. */
  write(from: Buffer, position: number): void {
    const target = this.#target;
    if (target === undefined) return;
    const files = from.length < DIRECT_FROM ? { ...target, direct: undefined } : target;
    whole(from.length, (done) =>
      this.#ring.writing(() => this.#some("target", files, writeSync, from, done, position)),
    );
  }

  #readFrom(side: Side, files: Changeable, into: Buffer, position: number): void {
    whole(into.length, (done) => {
      const bytes = this.#some(side, files, readSync, into, done, position);
      if (bytes === 0) throw new ThreadError({ kind: "short", side, bytes: position + done });
      return bytes;
    });
  }

  /** One call, past the page cache where that is to be had. */
  #some(side: Side, files: Changeable, call: Call, piece: Buffer, done: number, position: number): number {
    // A descriptor of a copy that was given up may be another file's by now.
    this.#ring.throwIfCancelled();
    const left = piece.length - done;
    const pages = left - (left % PAGE);
    const aligned =
      pages > 0 && (position + done) % PAGE === 0 && this.#ring.isOnPage(piece.byteOffset + done);
    try {
      if (!aligned || files.direct === undefined) return call(files.fd, piece, done, left, position + done);
      try {
        return call(files.direct, piece, done, pages, position + done);
      } catch (error) {
        if (errnoOf(error) !== "EINVAL") throw error;
        files.direct = undefined;
        return call(files.fd, piece, done, left, position + done);
      }
    } catch (error) {
      throw new ThreadError({ kind: "failed", side, errno: errnoOf(error) });
    } finally {
      this.#ring.countStep();
    }
  }
}

/** Calls again until all bytes are done. */
function whole(bytes: number, some: (done: number) => number): void {
  for (let done = 0; done < bytes;) done += some(done);
}
