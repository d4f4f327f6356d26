import { createHash } from "node:crypto";

import { judgeFor } from "./block-rules.ts";
import { CHUNK_BYTES, slotState, type Ring } from "./ring.ts";
import { scanChunk, type Damage } from "./scan.ts";
import { addCounts, noBlocks } from "./tally.ts";
import type { HashMessage, Job } from "./thread-messages.ts";
import { DAMAGE_SHOWN } from "./transfer.ts";

/** The hashing thread's part: judge each chunk, have damage read again, tell that it can be written, hash it. */
export function hashJob(ring: Ring, job: Job, tell: (message: HashMessage) => void): HashMessage {
  const { bytes, rules } = job.layout;
  const judge = judgeFor(rules);
  const hash = createHash("sha256");
  const tally = noBlocks();
  const damaged: Damage[] = [];
  const blocksPerChunk = CHUNK_BYTES / rules.blockSize;
  for (let chunk = 0; chunk * CHUNK_BYTES < bytes; chunk += 1) {
    ring.waitFor(chunk, [slotState.full]);
    const content = ring.memory(chunk).subarray(0, Math.min(CHUNK_BYTES, bytes - chunk * CHUNK_BYTES));
    const scan = () => scanChunk(judge, content, rules.blockSize, chunk * blocksPerChunk, job.damaging);
    let found = scan();
    if (found.damage.length > 0 && job.repair) {
      ring.setState(chunk, slotState.damaged);
      ring.waitFor(chunk, [slotState.repaired]);
      found = scan();
    }
    addCounts(tally, found.counts);
    damaged.push(...found.damage.slice(0, DAMAGE_SHOWN - damaged.length));
    tell({ kind: "sound", chunk });
    hash.update(content);
    ring.countHashed();
    ring.setState(chunk, slotState.free);
  }
  return { kind: "hash-done", sha256: hash.digest("hex"), blocks: tally, damaged };
}
