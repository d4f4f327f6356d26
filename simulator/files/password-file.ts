import { createHash } from "node:crypto";

const BYTES = 6_144;

/**
 * Something to back up under the name of a password file: opaque bytes, the same for the same seed. It holds no
 * verifiers, the layout is not ours to know, and the simulated instance never reads it.
 */
export function encodePasswordFile(seed: string): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; parts.length * 32 < BYTES; i += 1)
    parts.push(createHash("sha256").update(`${seed}/${i}`).digest());
  return Buffer.concat(parts);
}
