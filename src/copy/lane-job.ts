import { judgeFor } from "./block-rules.ts";
import {
  addWritten,
  nothingWritten,
  oldBytesAt,
  runsToWrite,
  writtenIn,
  type InPlace,
  type Written,
} from "./in-place.ts";
import { LaneFiles } from "./lane-files.ts";
import type { Ring } from "./ring.ts";
import { rereadPausesMs, scanChunk } from "./scan.ts";
import { ThreadError, type Job, type LaneMessage } from "./thread-messages.ts";

/** A lane's part of a transfer: it reads whatever has room, writes what is judged, and repairs what was damaged. */
export function laneJob(
  ring: Ring,
  job: Job,
  lane: number,
  tell: (message: LaneMessage) => void,
): LaneMessage {
  const { bytes, block0 } = job.layout;
  const chunks = Math.ceil(bytes / ring.chunkBytes);
  const files = new LaneFiles(ring, job);
  let reread = 0;
  const written = nothingWritten();
  for (;;) {
    const task = ring.nextTask(chunks);
    if (task === "done") return { kind: "lane-done", reread, written };
    const { kind, chunk } = task;
    const content = ring.content(chunk, bytes);
    const position = chunk * ring.chunkBytes;
    if (kind === "read") {
      files.read(content, position);
      if (chunk === 0 && block0) content.set(block0);
      ring.wasRead(chunk);
    } else if (kind === "write") {
      if (job.inPlace)
        addWritten(written, replace(job, job.inPlace, files, content, position, ring.spare(lane)));
      else files.write(content, position);
      tell({ kind: "written", chunk });
    } else {
      reread += repair(ring, job, files, content, chunk);
      ring.wasRepaired(chunk);
    }
  }
}

/** Writes the blocks of a chunk in which the target differs. */
function replace(
  job: Job,
  inPlace: InPlace,
  files: LaneFiles,
  content: Buffer,
  position: number,
  spare: Buffer,
): Written {
  const { blockSize } = job.layout.rules;
  const old = spare.subarray(0, oldBytesAt(inPlace, position, content.length));
  files.readTarget(old, position);
  const runs = runsToWrite(inPlace, content, position, blockSize, old);
  for (const { from, to } of runs) files.write(content.subarray(from, to), position + from);
  return writtenIn(runs, blockSize);
}

/** Reads the damaged blocks of a chunk again, in place; gives how many there were. */
function repair(ring: Ring, job: Job, files: LaneFiles, content: Buffer, chunk: number): number {
  const { blockSize } = job.layout.rules;
  const judge = judgeFor(job.layout.rules);
  const first = (chunk * ring.chunkBytes) / blockSize;
  const judged = (place: Buffer, block: number) =>
    scanChunk(judge, place, blockSize, block, job.damaging).damage;
  const damage = judged(content, first);
  for (const { block } of damage) {
    const place = content.subarray((block - first) * blockSize, (block - first + 1) * blockSize);
    rereadBlock(ring, files, place, block, () => judged(place, block)[0]?.verdict);
  }
  return damage.length;
}

/** Reads one block until it is good; after the last try it ends the copy. */
function rereadBlock(
  ring: Ring,
  files: LaneFiles,
  place: Buffer,
  block: number,
  damageOf: () => string | undefined,
): void {
  let verdict: string | undefined;
  for (const pause of rereadPausesMs) {
    ring.pause(pause);
    files.read(place, block * place.length);
    verdict = damageOf();
    if (verdict === undefined) return;
  }
  const attempts = rereadPausesMs.length + 1;
  throw new ThreadError({ kind: "damaged", block, verdict: verdict ?? "", attempts });
}
