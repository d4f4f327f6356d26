import { expect, test } from "vitest";

import { restoredAgainstCommitted, seeds } from "./hot-backup-law.ts";

test.each(seeds(100))(
  "seed %i: a backup by tablespace restores to exactly what was committed",
  async (seed) => {
    const comparison = await restoredAgainstCommitted(seed, { mode: "per-tablespace" });
    expect(comparison.differences).toEqual([]);
    expect(comparison.rowsCompared).toBeGreaterThan(0);
  },
);
