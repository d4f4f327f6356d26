import { expect, test } from "vitest";

import { restoredAgainstCommitted, seeds } from "./hot-backup-law.ts";

test.each(seeds(100))(
  "seed %i: a database-wide backup restores to exactly what was committed",
  async (seed) => {
    const comparison = await restoredAgainstCommitted(seed + 100_000, { mode: "database" });
    expect(comparison.differences).toEqual([]);
    expect(comparison.rowsCompared).toBeGreaterThan(0);
  },
);
