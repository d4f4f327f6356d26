import { readSync } from "node:fs";

import type { BlockJudge } from "../formats/block-verdict.ts";
import { judgeFor } from "./block-rules.ts";
import { errnoOf } from "./failure.ts";
import { CHUNK_BYTES, SLOTS, slotState, type Ring } from "./ring.ts";
import { rereadPausesMs, scanChunk } from "./scan.ts";
import { ThreadError, type Job, type ReadMessage } from "./thread-messages.ts";

/** The reading thread's part: fill the ring, and read again what the other thread finds damaged. */
export function readJob(ring: Ring, job: Job): ReadMessage {
  const { bytes, block0 } = job.layout;
  const chunks = Math.ceil(bytes / CHUNK_BYTES);
  const repair = repairer(ring, job);
  let reread = 0;
  /** Waits until a chunk is hashed; while it waits it repairs. */
  const settle = (chunk: number) => {
    while (ring.waitFor(chunk, [slotState.free, slotState.damaged]) === slotState.damaged) {
      reread += repair(chunk);
      ring.setState(chunk, slotState.repaired);
    }
  };
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    if (chunk >= SLOTS) {
      settle(chunk - SLOTS);
      ring.waitForAcknowledged(chunk - SLOTS + 1);
    }
    const content = contentOf(ring, job, chunk);
    readFully(ring, job, content, chunk * CHUNK_BYTES);
    if (chunk === 0 && block0) content.set(block0);
    ring.setState(chunk, slotState.full);
  }
  for (let chunk = Math.max(0, chunks - SLOTS); chunk < chunks; chunk += 1) settle(chunk);
  return { kind: "read-done", reread };
}

function contentOf(ring: Ring, job: Job, chunk: number): Buffer {
  return ring.memory(chunk).subarray(0, Math.min(CHUNK_BYTES, job.layout.bytes - chunk * CHUNK_BYTES));
}

/** Reads the damaged blocks of a chunk again, into the ring; gives how many there were. */
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
  for (let done = 0; done < into.length;) {
    const read = readSome(job.source, into, done, position + done);
    if (read === 0) throw new ThreadError({ kind: "short", bytes: position + done });
    done += read;
  }
  ring.countRead();
}

function readSome(fd: number, into: Buffer, offset: number, position: number): number {
  try {
    return readSync(fd, into, offset, into.length - offset, position);
  } catch (error) {
    throw new ThreadError({ kind: "failed", errno: errnoOf(error) });
  }
}
