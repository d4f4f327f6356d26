import { expect, test } from "vitest";

import { coldBackupKeeps } from "./cold-backup-law.ts";
import { seeds } from "./hot-backup-law.ts";

test.each(seeds(100))(
  "seed %i: a cold backup opens without recovery and holds what was committed at the shutdown",
  async (seed) => {
    const { problems, rowsCompared } = await coldBackupKeeps(seed);
    expect(problems).toEqual([]);
    expect(rowsCompared).toBeGreaterThan(0);
  },
);
