import { expect, test } from "vitest";

import { threadsOfLogs } from "../../../src/coverage/threads-of-logs.ts";
import { scn } from "../../../src/domain/scn.ts";

const sign = (thread: number, sequence: number, firstScn: number, incarnation = "1") => ({
  incarnation,
  thread,
  sequence,
  firstScn: scn(firstScn),
});

test("a thread that no backup knows is needed from its first log on", () => {
  const known = [{ thread: 1, incarnation: "1" }];
  expect(threadsOfLogs(known, [sign(1, 7, 10), sign(2, 2, 30), sign(2, 1, 20)])).toEqual([
    { thread: 2, incarnation: "1", from: 20n },
  ]);
});

test("where its first log is not known, its redo is asked for from the beginning", () => {
  expect(threadsOfLogs([], [sign(2, 3, 40), sign(2, 2, 30)])).toEqual([{ thread: 2, incarnation: "1" }]);
});

test("the same thread of another incarnation is another one", () => {
  const known = [{ thread: 1, incarnation: "1" }];
  expect(threadsOfLogs(known, [sign(1, 1, 50, "2")])).toEqual([{ thread: 1, incarnation: "2", from: 50n }]);
});
