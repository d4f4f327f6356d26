import { expect, test } from "vitest";

import { seeds } from "./hot-backup-law.ts";
import { retentionTrial } from "./retention-law.ts";

const SEEDS = 200;

test.each(seeds(SEEDS))(
  "seed %i: what is the last good, the last proven, held or used stays whole; once more changes nothing",
  async (seed) => {
    let judged = 0;
    await retentionTrial(seed, ({ precious, whole, again, broken }) => {
      judged += 1;
      const wanted = [...precious.kept, precious.good ?? [], precious.proven ?? []].flat();
      expect(whole).toEqual(expect.arrayContaining(wanted));
      expect(again).toMatchObject({ marked: [], takenBack: [], removed: [], left: [], problems: [] });
      expect(broken).toEqual([]);
    });
    expect(judged).toBeGreaterThanOrEqual(0);
  },
);

test("the trials do remove something", async () => {
  let removed = 0;
  for (const seed of [1, 2, 3, 4, 5, 6]) removed += (await retentionTrial(seed, () => {})).removed;
  expect(removed).toBeGreaterThan(10);
});
