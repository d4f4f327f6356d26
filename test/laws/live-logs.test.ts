import { expect, test } from "vitest";

import { logsTrial } from "./live-logs-law.ts";

const SEEDS = 200;
/** So many seeds have a time limit of their own. */
const AT_ONCE = 50;
const firsts = Array.from({ length: SEEDS / AT_ONCE }, (_, index) => index * AT_ONCE + 1);

test.each(firsts)(
  `whatever happens to the area, every log that is needed is there in the end, and what coverage claims restores (${AT_ONCE} seeds from %i on)`,
  async (first) => {
    let removed = 0;
    let rows = 0;
    for (let seed = first; seed < first + AT_ONCE; seed += 1) {
      const { story, problems, ...done } = await logsTrial(seed);
      expect({ seed, story, problems }).toEqual({ seed, story, problems: [] });
      removed += done.removed;
      rows += done.rowsCompared;
    }
    // The law says something only where logs went and rows came back.
    expect(removed).toBeGreaterThan(AT_ONCE / 5);
    expect(rows).toBeGreaterThan(AT_ONCE);
  },
);
