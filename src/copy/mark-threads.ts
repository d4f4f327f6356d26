import { Worker } from "node:worker_threads";

import { UmbraError } from "../errors/umbra-error.ts";
import type { MarkAnswer, MarkJob } from "./mark-thread.ts";

/** Run from source or from dist/: the thread's file has the ending of this one. */
const threadUrl = new URL(
  import.meta.url.endsWith(".ts") ? "./mark-thread.ts" : "./mark-thread.js",
  import.meta.url,
);
/** One reads memory about as fast as a disk gives; two keep up with the page cache. */
const THREADS = 2;

/** Threads that compare chunks with their marks, for any number of files at once. Started when first used. */
export class MarkThreads {
  #workers: readonly Worker[] = [];
  #waiting = new Map<number, PromiseWithResolvers<readonly number[]>>();
  #jobs = 0;

  /** Offsets of the pieces that changed: see `changedPieces`. */
  async changed(job: Omit<MarkJob, "id">): Promise<readonly number[]> {
    if (this.#workers.length === 0) this.#workers = Array.from({ length: THREADS }, () => this.#start());
    this.#jobs += 1;
    const id = this.#jobs;
    const answer = Promise.withResolvers<readonly number[]>();
    this.#waiting.set(id, answer);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#workers[id % THREADS]?.postMessage({ id, ...job } satisfies MarkJob);
    // Nothing else may be under way that keeps the process alive.
    for (const worker of this.#workers) worker.ref();
    try {
      return await answer.promise;
    } finally {
      if (this.#waiting.size === 0) for (const worker of this.#workers) worker.unref();
    }
  }

  async end(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const worker = new Worker(threadUrl, { execArgv: [] });
    worker.on("message", (answer: MarkAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("changed" in answer) waiting?.resolve(answer.changed);
      else waiting?.reject(new UmbraError("UMB-1001", { what: answer.bug }));
    });
    worker.on("error", (error) => this.#died(error.message));
    worker.on("exit", () => this.#died("a thread that compares ended"));
    worker.unref();
    return worker;
  }

  /** What waits fails, and the next job starts new threads. */
  #died(what: string): void {
    this.#workers = [];
    for (const { reject } of this.#waiting.values()) reject(new UmbraError("UMB-1001", { what }));
    this.#waiting.clear();
  }
}
