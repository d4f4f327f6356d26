import { expect, test } from "vitest";

import { dieEverywhere } from "./die-everywhere.ts";

test("killed after any write of its state, so before each effect: reconcile puts everything right", async () => {
  const { deaths, inBackupMode } = await dieEverywhere((write) => ({ at: "after-write", write }));
  expect(deaths).toBeGreaterThan(40);
  expect(inBackupMode).toBeGreaterThan(8);
});

test("killed inside each copy: no half-written file is taken for a backup", async () => {
  const { deaths } = await dieEverywhere((copy) => ({ at: "copy", copy }));
  expect(deaths).toBeGreaterThan(4);
});
