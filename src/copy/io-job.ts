import { readSync, writeSync } from "node:fs";

import type { BlockJudge } from "../formats/block-verdict.ts";
import { judgeFor } from "./block-rules.ts";
import { errnoOf } from "./failure.ts";
import { CHUNK_BYTES, SLOTS, slotState, stage, type Ring } from "./ring.ts";
import { rereadPausesMs, scanChunk } from "./scan.ts";
import { ThreadError, type IoMessage, type Job } from "./thread-messages.ts";

/** Chunks that may be under way before the progress of an earlier one is answered. */
const AHEAD = 2;

/** The I/O thread's part: read each chunk into the ring and write it while the other thread hashes it. */
export function ioJob(ring: Ring, job: Job, tell: (message: IoMessage) => void): IoMessage {
  const { bytes, block0 } = job.layout;
  const chunks = Math.ceil(bytes / CHUNK_BYTES);
  const repair = repairer(ring, job);
  let reread = 0;
  const settle = (chunk: number) => {
    while (ring.waitFor(chunk, [slotState.free, slotState.damaged]) === slotState.damaged) {
      // The slot still holds the chunk that went through it last.
      reread += repair(chunk);
      ring.setState(chunk, slotState.repaired);
    }
  };
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    settle(Math.max(chunk - SLOTS, chunk % SLOTS));
    if (job.acknowledged) ring.waitForAcknowledged(chunk - AHEAD);
    const content = contentOf(ring, job, chunk);
    readFully(ring, job, content, chunk * CHUNK_BYTES);
    if (chunk === 0 && block0) content.set(block0);
    ring.setState(chunk, slotState.full);
    writeFully(ring, job, content, chunk * CHUNK_BYTES);
    tell({ kind: "progress", chunk, bytes: Math.min(bytes, (chunk + 1) * CHUNK_BYTES) });
  }
  for (let chunk = Math.max(0, chunks - SLOTS); chunk < chunks; chunk += 1) settle(chunk);
  return { kind: "io-done", reread };
}

function contentOf(ring: Ring, job: Job, chunk: number): Buffer {
  return ring.memory(chunk).subarray(0, Math.min(CHUNK_BYTES, job.layout.bytes - chunk * CHUNK_BYTES));
}

/** Reads the damaged blocks of a chunk again, into the ring and into the copy; gives how many there were. */
function repairer(ring: Ring, job: Job): (chunk: number) => number {
  const { blockSize } = job.layout.rules;
  const judge = judgeFor(job.layout.rules);
  return (chunk) => {
    const content = contentOf(ring, job, chunk);
    const first = (chunk * CHUNK_BYTES) / blockSize;
    const { damage } = scanChunk(judge, content, blockSize, first, job.damaging);
    for (const { block } of damage) {
      const offset = (block - first) * blockSize;
      const place = content.subarray(offset, offset + blockSize);
      rereadBlock(ring, job, judge, place, block);
      writeFully(ring, job, place, block * blockSize);
    }
    return damage.length;
  };
}

function rereadBlock(
  ring: Ring,
  job: Job,
  judge: BlockJudge | undefined,
  place: Buffer,
  block: number,
): void {
  const { blockSize } = job.layout.rules;
  let verdict = "";
  for (const pause of rereadPausesMs) {
    ring.pause(pause);
    readFully(ring, job, place, block * blockSize);
    const [damage] = scanChunk(judge, place, blockSize, block, job.damaging).damage;
    if (damage === undefined) return;
    verdict = damage.verdict;
  }
  throw new ThreadError({ kind: "damaged", block, verdict, attempts: rereadPausesMs.length + 1 });
}

function readFully(ring: Ring, job: Job, into: Buffer, position: number): void {
  ring.enter(stage.reading);
  for (let done = 0; done < into.length;) {
    const read = attempt("read", () => readSync(job.source, into, done, into.length - done, position + done));
    if (read === 0) throw new ThreadError({ kind: "short", bytes: position + done });
    done += read;
  }
  ring.enter(stage.idle);
  ring.countRead();
}

function writeFully(ring: Ring, job: Job, from: Buffer, position: number): void {
  const { target } = job;
  if (target !== undefined) {
    ring.enter(stage.writing);
    for (let done = 0; done < from.length;) {
      done += attempt("write", () => writeSync(target, from, done, from.length - done, position + done));
    }
    ring.enter(stage.idle);
  }
  ring.countWritten();
}

function attempt(operation: "read" | "write", call: () => number): number {
  try {
    return call();
  } catch (error) {
    throw new ThreadError({ kind: "failed", operation, errno: errnoOf(error) });
  }
}
