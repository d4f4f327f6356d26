import { createHash } from "node:crypto";

import type { Ring } from "./ring.ts";
import type { HashMessage, Job } from "./thread-messages.ts";

/**
 * The hashing thread's part: let each chunk be written, in order, and hash it. It does nothing else, because no other
 * thread can help it: on a busy machine a copy takes as long as this.
 */
export function hashJob(ring: Ring, { layout: { bytes } }: Job): HashMessage {
  const hash = createHash("sha256");
  for (let chunk = 0; chunk * ring.chunkBytes < bytes; chunk += 1) {
    ring.waitUntilRead(chunk);
    ring.isSound(chunk);
    hash.update(ring.content(chunk, bytes));
    ring.wasHashed(chunk);
  }
  return { kind: "hash-done", sha256: hash.digest("hex") };
}
