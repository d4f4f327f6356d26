import { Worker } from "node:worker_threads";

import { UmbraError } from "../errors/umbra-error.ts";
import { failureFromErrno, shortened, stalled, type Operation, type Side } from "./failure.ts";
import type { Opened } from "./opened.ts";
import { addWritten, nothingWritten } from "./in-place.ts";
import { leaveBehind } from "./left-behind.ts";
import { Acknowledger } from "./acknowledger.ts";
import { LANES, Ring, ringMemory, type RingShape } from "./ring.ts";
import type { Damage } from "./scan.ts";
import type { ThreadData } from "./thread.ts";
import type { Descriptors, HashMessage, Job, LaneMessage, ThreadFailure } from "./thread-messages.ts";
import { addCounts, noBlocks } from "./tally.ts";
import { DAMAGE_SHOWN, type Transfer, type Transferred } from "./transfer.ts";

/** Run from source or from dist/: the thread's file has the ending of this one. */
const threadUrl = new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url);
/** A thread that does not give up a cancelled job within this hangs in a read or write. */
const GIVE_UP_MS = 1_000;
/** Heap of a thread's young generation: the chunks are outside the heap, so little is enough. */
const YOUNG_GENERATION_MB = 4;

type Message = LaneMessage | HashMessage;

/** The threads of a copy and the memory they share; one transfer at a time, any number one after the other. */
export class CopyThreads {
  readonly #ring: Ring;
  readonly #workers: readonly Worker[];
  #onMessage: (message: Message) => void = () => {};
  /** Jobs that a thread has not answered yet. */
  #busy = 0;
  #answered = () => {};
  #broken = false;

  constructor(shape: RingShape, entry: URL = threadUrl) {
    const memory = ringMemory(shape);
    this.#ring = new Ring(memory);
    this.#workers = [...Array.from({ length: LANES }).keys(), "hash" as const].map((part) => {
      const worker = new Worker(entry, {
        workerData: { part, memory } satisfies ThreadData,
        execArgv: [],
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      });
      worker.on("message", (message: Message) => this.#received(message));
      worker.on("error", (error) => this.#died(error.message));
      worker.on("exit", () => this.#died("a thread of the copy ended"));
      worker.unref();
      return worker;
    });
  }

  /** False where a thread died or hangs: the others take no more work either. */
  get usable(): boolean {
    return !this.#broken && this.#busy === 0;
  }

  /** Runs one transfer. On an error all threads have let go of the files, or are broken. */
  async transfer(transfer: Transfer): Promise<Transferred> {
    const { layout, damaging, inPlace, source, target } = transfer;
    this.#ring.reset();
    this.#busy = this.#workers.length;
    const job: Job = {
      layout,
      damaging,
      source: descriptors(source),
      target: target && descriptors(target),
      inPlace,
    };
    for (const worker of this.#workers) {
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(job);
    }
    try {
      return await this.#outcome(transfer);
    } catch (error) {
      this.#ring.cancel();
      await this.#letGo();
      throw error;
    } finally {
      for (const worker of this.#workers) worker.unref();
    }
  }

  /** Ends the threads. Does not wait for one that hangs in a system call. */
  async end(): Promise<void> {
    this.#broken = true;
    this.#ring.cancel();
    const answered = leaveBehind();
    const ended = Promise.allSettled(this.#workers.map((worker) => worker.terminate())).then(answered);
    await atMost(GIVE_UP_MS, ended);
    // Terminating holds the process until the thread ended, and one that hangs never does.
    for (const worker of this.#workers) worker.unref();
  }

  async #outcome(transfer: Transfer): Promise<Transferred> {
    const { promise, resolve, reject } = Promise.withResolvers<Transferred>();
    const blocks = noBlocks();
    const damage: Damage[] = [];
    const written = nothingWritten();
    let sha256: string | undefined;
    const chunks = new Acknowledger(transfer, this.#ring);
    const watch = this.#watch(transfer, chunks, reject);
    const resolveWhenDone = () => {
      if (this.#busy > 0 || sha256 === undefined || !chunks.done) return;
      const damaged = damage.toSorted((a, b) => a.block - b.block).slice(0, DAMAGE_SHOWN);
      resolve({ sha256, blocks, damaged, written });
    };
    this.#onMessage = (message) => {
      if (message.kind === "written") void chunks.take(message.chunk).then(resolveWhenDone, reject);
      else if (message.kind === "hash-done") ({ sha256 } = message);
      else if (message.kind === "lane-done") {
        addCounts(blocks, message.blocks);
        damage.push(...message.damaged);
        addWritten(written, message.written);
      } else if (message.kind !== "cancelled") reject(failureOf(transfer, message));
      resolveWhenDone();
    };
    try {
      return await promise;
    } finally {
      watch.end();
    }
  }

  /** Deadline and abort signal of one transfer. */
  #watch({ patience, source, target }: Transfer, chunks: Acknowledger, reject: (reason: unknown) => void) {
    let seen = this.#ring.progress;
    let since = performance.now();
    const look = () => {
      const progress = this.#ring.progress;
      if (progress !== seen || chunks.waitsForCaller) [seen, since] = [progress, performance.now()];
      if (performance.now() - since < patience.stallMs) return;
      reject(stalled(this.#ring.isWriting && target ? target : source, patience.stallMs));
    };
    const timer = setInterval(look, Math.max(5, Math.min(1_000, patience.stallMs / 4)));
    const onAbort = () => reject(patience.signal?.reason);
    patience.signal?.addEventListener("abort", onAbort, { once: true });
    if (patience.signal?.aborted === true) onAbort();
    const end = () => {
      clearInterval(timer);
      patience.signal?.removeEventListener("abort", onAbort);
    };
    return { end };
  }

  /** Waits until all threads have answered; threads of which one hangs are broken. */
  async #letGo(): Promise<void> {
    if (this.#busy > 0) {
      const answered = new Promise<void>((resolve) => (this.#answered = resolve));
      await atMost(GIVE_UP_MS, answered);
    }
    if (this.#busy > 0) void this.end();
  }

  #received(message: Message): void {
    if (message.kind !== "written") this.#busy -= 1;
    this.#onMessage(message);
    if (this.#busy === 0) this.#answered();
  }

  #died(what: string): void {
    this.#broken = true;
    this.#onMessage({ kind: "bug", what });
  }
}

function failureOf(transfer: Transfer, failure: Exclude<ThreadFailure, { kind: "cancelled" }>): UmbraError {
  const { source, target, layout } = transfer;
  switch (failure.kind) {
    case "failed":
      return failureFromErrno(operationOf(transfer, failure.side), failure.errno);
    case "short":
      return shortened(failure.side === "target" && target ? target : source, failure.bytes, layout.bytes);
    case "damaged": {
      const { block, verdict, attempts } = failure;
      return new UmbraError("UMB-9101", { path: source.path, block, verdict, attempts });
    }
    case "bug":
      return new UmbraError("UMB-1001", { what: failure.what });
  }
}

/** What the lanes do on a side; the source of a verification is a copy, on the target's side. */
function operationOf({ inPlace, source, target }: Transfer, side: Side): Operation {
  if (side === "target" && target) {
    return { side: target.side, path: target.path, name: "write", inPlace: inPlace !== undefined };
  }
  return { side: source.side, path: source.path, name: "read" };
}

function descriptors({ file, direct }: Opened): Descriptors {
  return { fd: file.fd, direct: direct?.fd };
}

/** Waits for work, but no longer than this. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
