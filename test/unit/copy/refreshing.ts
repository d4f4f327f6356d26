import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";

import * as fc from "fast-check";
import { afterAll } from "vitest";

import { createCopier } from "../../../src/copy/copier.ts";
import type { RefreshRequest } from "../../../src/ports/copier.ts";
import { address, BLOCK, dataBlock, datafile } from "../formats/oracle-file.ts";
import { rig, type Rig } from "./copying.ts";

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Both ways in which a copier works, for the tests of one file. */
export function bothCopiers() {
  const copiers = {
    "in this thread": createCopier({ inlineBelow: Infinity, inlineChunkBytes: 4 * BLOCK, durable: false }),
    "in threads": createCopier({
      inlineBelow: 0,
      durable: false,
      ring: { slots: 3, chunkBytes: 4 * BLOCK },
    }),
  };
  afterAll(async () => {
    for (const copier of Object.values(copiers)) await copier[Symbol.asyncDispose]();
  });
  return copiers;
}

/** A datafile of blocks 0 and 1 and one data block for each of these versions. */
export function fileOf(versions: readonly number[]): Buffer {
  const content = datafile(versions.length);
  for (const [index, version] of versions.entries()) {
    const fill = (block: Buffer) => void block.fill(version, 100, 300);
    const block = dataBlock({ address: address(7, index + 2), scn: 1000 + version, fill });
    block.copy(content, (index + 2) * BLOCK);
  }
  return content;
}

/** Versions of the data blocks of a datafile; few, so that blocks of two states are often equal. */
export const versions = (maxLength: number) => fc.array(fc.nat(2), { minLength: 1, maxLength });

/** Numbers of the blocks in which the model finds a difference: not there before, or with other bytes. */
export function differing(old: Uint8Array, now: Uint8Array): readonly number[] {
  const count = now.length / BLOCK;
  return Array.from({ length: count }).flatMap((_, block) => {
    const [from, to] = [block * BLOCK, (block + 1) * BLOCK];
    const same = to <= old.length && Buffer.compare(now.subarray(from, to), old.subarray(from, to)) === 0;
    return same ? [] : [block];
  });
}

export interface RefreshRig extends Rig {
  refreshRequest(over?: Partial<RefreshRequest>): RefreshRequest;
}

/** A source, and a copy of an older state of it. */
export async function refreshRig(now: Uint8Array, old: Uint8Array): Promise<RefreshRig> {
  const copying = await rig(now);
  await writeFile(copying.target, old);
  return {
    ...copying,
    refreshRequest: (over = {}) => ({
      ...copying.request(),
      mode: "consistent",
      changes: { by: "compare" },
      ...over,
    }),
  };
}
