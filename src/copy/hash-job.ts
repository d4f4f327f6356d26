import { createHash } from "node:crypto";

import { judgeFor } from "./block-rules.ts";
import type { Ring } from "./ring.ts";
import { scanChunk, type Damage } from "./scan.ts";
import { addCounts, noBlocks } from "./tally.ts";
import type { HashMessage, Job } from "./thread-messages.ts";
import { DAMAGE_SHOWN } from "./transfer.ts";

/** The hashing thread's part: judge each chunk in order, have damage read again, let it be written, hash it. */
export function hashJob(ring: Ring, job: Job): HashMessage {
  const { bytes, rules } = job.layout;
  const judge = judgeFor(rules);
  const hash = createHash("sha256");
  const tally = noBlocks();
  const damaged: Damage[] = [];
  const blocksPerChunk = ring.chunkBytes / rules.blockSize;
  for (let chunk = 0; chunk * ring.chunkBytes < bytes; chunk += 1) {
    ring.waitUntilRead(chunk);
    const content = ring.content(chunk, bytes);
    const scan = () => scanChunk(judge, content, rules.blockSize, chunk * blocksPerChunk, job.damaging);
    let found = scan();
    if (found.damage.length > 0 && job.target) {
      ring.repair(chunk);
      found = scan();
    }
    addCounts(tally, found.counts);
    damaged.push(...found.damage.slice(0, DAMAGE_SHOWN - damaged.length));
    ring.isSound(chunk);
    hash.update(content);
    ring.wasHashed(chunk);
  }
  return { kind: "hash-done", sha256: hash.digest("hex"), blocks: tally, damaged };
}
