import { isMainThread, parentPort, workerData } from "node:worker_threads";

import { hashJob } from "./hash-job.ts";
import { laneJob } from "./lane-job.ts";
import { Cancelled, Ring, type RingMemory } from "./ring.ts";
import { ThreadError, type Job, type ThreadFailure } from "./thread-messages.ts";

/** What a thread is started with. */
export interface ThreadData {
  /** Number of a lane, from 0. */
  readonly part: number | "hash";
  readonly memory: RingMemory;
}

/** Entry of all threads of a copy: one job after the other, until the thread is terminated. */
function serve(): void {
  const { part, memory } = workerData as ThreadData;
  const ring = new Ring(memory);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const tell = (message: unknown) => parentPort?.postMessage(message);
  parentPort?.on("message", (job: Job) => {
    try {
      tell(part === "hash" ? hashJob(ring, job) : laneJob(ring, job, part, tell));
    } catch (error) {
      ring.cancel();
      tell(failureOfThread(error));
    }
  });
}

function failureOfThread(error: unknown): ThreadFailure {
  if (error instanceof ThreadError) return error.failure;
  if (error instanceof Cancelled) return { kind: "cancelled" };
  return { kind: "bug", what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

if (!isMainThread) serve();
