import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createCopier } from "../../../src/copy/copier.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { FindChanges, RefreshRequest } from "../../../src/ports/copier.ts";
import { BLOCK } from "../formats/oracle-file.ts";
import { codeOf } from "./copying.ts";
import { ForgetfulDisk } from "./forgetful-disk.ts";
import { differing, fileOf, versions } from "./refreshing.ts";

const SOURCE = "/db/users01.dbf" as FilePath;
const TARGET = "/area/users01.dbf" as FilePath;
const HASHES = "/area/users01.hashes" as FilePath;
const MORE_THAN_ALL = 500;

const rigOf = (before: Buffer) => {
  const disk = new ForgetfulDisk();
  const copier = createCopier({ files: disk.files, inlineChunkBytes: 2 * BLOCK });
  disk.put(SOURCE, before);
  disk.put(TARGET, Buffer.alloc(0));
  const refresh = (changes: FindChanges, generation: string, next: string) => {
    const hashes = { path: HASHES, generation, next };
    const request: RefreshRequest = {
      source: SOURCE,
      target: TARGET,
      mode: "consistent",
      blockSize: BLOCK,
      relativeFile: 7,
      stallMs: 5_000,
      changes,
      hashes,
    };
    return copier.refresh(request);
  };
  return { disk, refresh };
};

/** Numbers from a seed. */
const chanceOf = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
};

const ways = {
  compare: (): FindChanges => ({ by: "compare" }),
  hashes: (): FindChanges => ({ by: "hashes" }),
  list: (before: Buffer, after: Buffer): FindChanges => ({
    by: "list",
    extents: differing(before, after).map((block) => ({ offset: block * BLOCK, bytes: BLOCK })),
  }),
};

describe.each(Object.entries(ways))("when the power fails at any moment of a refresh by %s", (_, way) => {
  test("the same refresh made again makes the copy the source, durably, and leaves hashes that are true", async () => {
    const runs = fc.tuple(versions(6), versions(6), versions(6), fc.nat());
    await fc.assert(
      fc.asyncProperty(runs, async ([first, second, third, seed]) => {
        const [before, after, last] = [fileOf(first), fileOf(second), fileOf(third)];
        for (let failAt = 1; ; failAt += 1) {
          expect(failAt).toBeLessThan(MORE_THAN_ALL);
          const chance = chanceOf(seed + failAt);
          const { disk, refresh } = rigOf(before);
          await refresh({ by: "compare" }, "", "a");
          disk.put(SOURCE, after);
          disk.failAt(failAt);
          const ended = await codeOf(refresh(way(before, after), "a", "b"));
          const survived = !disk.isDown;
          disk.restart(chance);
          // The caller's manifest still names the old state of a copy that is dirty.
          if (ended !== "none") await refresh(way(before, after), "a", "b");
          disk.restart(chance);
          expect(disk.read(TARGET).equals(after)).toBe(true);
          disk.put(SOURCE, last);
          await refresh({ by: "hashes" }, "b", "c");
          expect(disk.read(TARGET).equals(last)).toBe(true);
          if (survived) break;
        }
      }),
      { numRuns: 12 },
    );
  });

  test("a refresh by hashes after it, from a newer source, misses nothing", async () => {
    const runs = fc.tuple(versions(6), versions(6), versions(6), fc.nat());
    await fc.assert(
      fc.asyncProperty(runs, async ([first, second, third, seed]) => {
        const [before, after, last] = [fileOf(first), fileOf(second), fileOf(third)];
        for (let failAt = 1; ; failAt += 1) {
          expect(failAt).toBeLessThan(MORE_THAN_ALL);
          const chance = chanceOf(seed + failAt);
          const { disk, refresh } = rigOf(before);
          await refresh({ by: "compare" }, "", "a");
          disk.put(SOURCE, after);
          disk.failAt(failAt);
          const ended = await codeOf(refresh(way(before, after), "a", "b"));
          const survived = !disk.isDown;
          disk.restart(chance);
          disk.put(SOURCE, last);
          await refresh({ by: "hashes" }, ended === "none" ? "b" : "a", "c");
          expect(disk.read(TARGET).equals(last)).toBe(true);
          if (survived) break;
        }
      }),
      { numRuns: 12 },
    );
  });
});
