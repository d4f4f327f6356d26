import { expect, test } from "vitest";

import { dieEverywhere } from "./die-everywhere.ts";

test("killed before any write of its state, so after each effect: reconcile puts everything right", async () => {
  const { deaths, inBackupMode } = await dieEverywhere((write) => ({ at: "before-write", write }));
  expect(deaths).toBeGreaterThan(40);
  expect(inBackupMode).toBeGreaterThan(8);
});
