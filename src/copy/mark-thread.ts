import { isMainThread, parentPort } from "node:worker_threads";

import { changedPieces, type Marks } from "./marks.ts";

/** One chunk to be compared. Only memory is touched: a thread that does this cannot hang. */
export interface MarkJob {
  readonly id: number;
  readonly marks: Omit<Marks, "bytes">;
  readonly memory: SharedArrayBuffer;
  readonly length: number;
  readonly position: number;
}

export type MarkAnswer =
  | { readonly id: number; readonly changed: readonly number[] }
  | { readonly id: number; readonly bug: string };

function serve(): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const tell = (answer: MarkAnswer) => parentPort?.postMessage(answer);
  parentPort?.on("message", ({ id, marks, memory, length, position }: MarkJob) => {
    try {
      tell({ id, changed: changedPieces(marks, Buffer.from(memory, 0, length), position) });
    } catch (error) {
      tell({ id, bug: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}

if (!isMainThread) serve();
