import { expect, test } from "vitest";

import { seeds } from "./hot-backup-law.ts";
import { refreshedByRman } from "./rman-refresh-law.ts";

const REAL_TIME = 4;

test.each(seeds(60))(
  "what coverage claims of copies by RMAN is restored to what was committed: seed %i",
  async (seed) => {
    for (const outcome of await refreshedByRman(seed, { quick: true }))
      expect(outcome).toEqual({ ...outcome, rowsDifferent: 0 });
  },
);

test.each(Array.from({ length: REAL_TIME }, (_, seed) => seed))(
  "so it is under load that waits for nothing, at both ends: seed %i",
  async (seed) => {
    for (const outcome of await refreshedByRman(seed, { quick: false }))
      expect(outcome).toEqual({ ...outcome, rowsDifferent: 0 });
  },
);
