import { expect, test } from "vitest";

import { seeds } from "./hot-backup-law.ts";
import { refreshTrial } from "./refresh-law.ts";

test.each(seeds(200))(
  "seed %i: however often umbra dies, the live area restores what coverage claims, to exactly what was committed",
  async (seed) => {
    const { problems, rowsCompared } = await refreshTrial(seed);
    expect(problems).toEqual([]);
    expect(rowsCompared).toBeGreaterThan(0);
  },
);
