import { describe, expect, test } from "vitest";

import { snapshotAgainstCommitted } from "./snapshot-backup-law.ts";

function seeds(runs: number): readonly number[] {
  const first = Number(process.env["SEED"] ?? 1);
  const count = Number(process.env["RUNS"] ?? runs);
  return Array.from({ length: count }, (_, index) => first + index);
}

describe("what is restored from snapshots of the primary volumes is what was committed", () => {
  test.for(seeds(200))("seed %i", async (seed) => {
    // Now and then by real programs.
    const comparison = await snapshotAgainstCommitted(seed, { reflink: seed % 20 === 0 });
    expect(comparison).toMatchObject({ rowsDifferent: 0, differences: [] });
    expect(comparison.rowsCompared).toBeGreaterThan(0);
  });
});

describe("so is what is restored from snapshots without backup mode, by SNAPSHOT TIME", () => {
  test.for(seeds(60))("seed %i", async (seed) => {
    const reflink = seed % 20 === 0;
    const comparison = await snapshotAgainstCommitted(seed, { snapshotTime: true, reflink });
    expect(comparison).toMatchObject({ rowsDifferent: 0, differences: [] });
    expect(comparison.rowsCompared).toBeGreaterThan(0);
  });
});
