import { expect, test } from "vitest";

import { refreshedByRman } from "./rman-refresh-law.ts";

const SEEDS = 4;

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  "what coverage claims of copies by RMAN is restored to what was committed: seed %i",
  async (seed) => {
    for (const { rowsDifferent, target } of await refreshedByRman(seed))
      expect({ target, rowsDifferent }).toEqual({ target, rowsDifferent: 0 });
  },
);
