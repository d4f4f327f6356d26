import { expect, test } from "vitest";

import { ProgressWindow } from "../../../src/remote/progress-window.ts";

function rig(aheadBytes = 1_000) {
  const sent: number[] = [];
  return { sent, window: new ProgressWindow((bytes) => void sent.push(bytes), aheadBytes) };
}

test("one message is on its way at a time, and the next has the newest bytes", () => {
  const { sent, window } = rig();
  for (const bytes of [10, 20, 30]) expect(window.report(bytes)).toBeUndefined();
  expect(sent).toEqual([10]);
  window.seen(10);
  expect(sent).toEqual([10, 30]);
  window.seen(30);
  expect(sent).toEqual([10, 30]);
});

test("a copy that is too far ahead of its reader waits until the reader has caught up", async () => {
  const { window } = rig(100);
  let goesOn = false;
  expect(window.report(100)).toBeUndefined();
  const waits = window.report(101)?.then(() => (goesOn = true));
  window.seen(0);
  await Promise.resolve();
  expect(goesOn).toBe(false);
  window.seen(100);
  await waits;
  expect(goesOn).toBe(true);
});

test("before the result, the last bytes are told whatever is on its way; nothing is told twice", () => {
  const { sent, window } = rig();
  void window.report(10);
  void window.report(20);
  window.flush();
  window.flush();
  expect(sent).toEqual([10, 20]);
});
