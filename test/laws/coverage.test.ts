import { expect, test } from "vitest";

import { coverageTrial } from "./coverage-law.ts";
import { seeds } from "./hot-backup-law.ts";

const SEEDS = 200;

test.each(seeds(SEEDS))(
  "seed %i: what coverage claims is restored to exactly the committed rows, and what it denies is not",
  async (seed) => {
    const { story, problems } = await coverageTrial(seed);
    expect({ story, problems }).toEqual({ story, problems: [] });
  },
);

test("the trials do restore, are denied, prune and die", async () => {
  const done = { rows: 0, denied: 0, stories: "" };
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const { rowsCompared, denied, story } = await coverageTrial(seed);
    done.rows += rowsCompared;
    done.denied += denied;
    done.stories += story.join();
  }
  expect(done.rows).toBeGreaterThan(20);
  expect(done.denied).toBeGreaterThan(4);
  for (const word of ["refresh", "hot", "snapshot", "prune", "lose", "and die"])
    expect(done.stories).toContain(word);
});
