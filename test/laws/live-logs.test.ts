import { expect, test } from "vitest";

import { logsTrial } from "./live-logs-law.ts";

const SEEDS = 200;

test(`whatever happens to the area, every log that is needed is there in the end, and what coverage claims restores (${SEEDS} seeds)`, async () => {
  let removed = 0;
  let rows = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { story, problems, ...done } = await logsTrial(seed);
    expect({ seed, story, problems }).toEqual({ seed, story, problems: [] });
    removed += done.removed;
    rows += done.rowsCompared;
  }
  // The law says something only where logs went and rows came back.
  expect(removed).toBeGreaterThan(SEEDS / 10);
  expect(rows).toBeGreaterThan(SEEDS);
});
