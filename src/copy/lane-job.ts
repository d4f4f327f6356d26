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
import { LaneReader } from "./lane-reader.ts";
import type { Ring } from "./ring.ts";
import type { Job, LaneMessage } from "./thread-messages.ts";

/** A lane's part of a transfer: it reads and judges whatever has room, and writes what is sound. */
export function laneJob(
  ring: Ring,
  job: Job,
  lane: number,
  tell: (message: LaneMessage) => void,
): LaneMessage {
  const { bytes } = job.layout;
  const chunks = Math.ceil(bytes / ring.chunkBytes);
  const files = new LaneFiles(ring, job);
  const reader = new LaneReader(ring, job, files);
  const written = nothingWritten();
  for (;;) {
    const task = ring.nextTask(chunks);
    if (task === "done") return { kind: "lane-done", ...reader.found, written };
    const { kind, chunk } = task;
    const content = ring.content(chunk, bytes);
    const position = chunk * ring.chunkBytes;
    if (kind === "read") {
      reader.read(content, position);
      ring.wasRead(chunk);
    } else {
      if (job.inPlace) {
        addWritten(written, replace(job, job.inPlace, files, content, position, ring.spare(lane)));
      } else files.write(content, position);
      tell({ kind: "written", chunk });
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
