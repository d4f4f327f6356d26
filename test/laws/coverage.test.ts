import { expect, test } from "vitest";

import { coverageTrial } from "./coverage-law.ts";
import { seeds } from "./hot-backup-law.ts";

const SEEDS = 60;

test.each(seeds(SEEDS))(
  "seed %i: what coverage claims is restored to exactly the committed rows, and what it denies is not",
  async (seed) => {
    await coverageTrial(seed, async ({ coverage, restoreCovered, restoreDenied }) => {
      expect(coverage.ways.length + coverage.holes.length).toBeGreaterThan(0);
      expect(coverage.ways.length === 0 ? 0 : (await restoreCovered()).different).toBe(0);
      expect(await restoreDenied()).toEqual([]);
    });
  },
);
