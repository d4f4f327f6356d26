import { expect, test } from "vitest";

import type { ManifestLog } from "../../../src/domain/manifest.ts";
import { logChainProblems } from "../../../src/plan/log-chain.ts";

function log(thread: number, sequence: number, firstScn: number, nextScn: number): ManifestLog {
  const name = `logs/${thread}_${sequence}`;
  const scns = { firstScn: String(firstScn), nextScn: String(nextScn) };
  return { name, bytes: 1, sha256: "", thread, sequence, resetlogsId: "1", ...scns, blockSize: 512 };
}

const scns = { neededFrom: "100", minimumRecovery: "150", recoverableTo: "180", threads: [1, 2] };
const whole = [log(1, 7, 90, 140), log(1, 8, 140, 180), log(2, 3, 95, 200)];

test("whole chains of threads that switch at different times are good", () => {
  expect(logChainProblems({ scns, logs: whole })).toEqual([]);
});

test("a thread that was enabled later begins with its first log", () => {
  const logs = [...whole.slice(0, 2), log(2, 1, 130, 200)];
  expect(logChainProblems({ scns, logs })).toEqual([]);
});

test.each([
  ["a thread without logs", whole.slice(0, 2)],
  ["a log left out", [log(1, 7, 90, 140), log(1, 9, 150, 180), log(2, 3, 95, 200)]],
  ["a sequence that goes on at another SCN", [log(1, 7, 90, 139), log(1, 8, 140, 180), log(2, 3, 95, 200)]],
  ["a first log that begins too late", [log(1, 8, 140, 180), log(2, 3, 95, 200)]],
  ["a thread that ends too early", [log(1, 7, 90, 140), log(1, 8, 140, 180), log(2, 3, 95, 170)]],
  [
    "another incarnation",
    [{ ...log(1, 7, 90, 140), resetlogsId: "2" }, log(1, 8, 140, 180), log(2, 3, 95, 200)],
  ],
])("%s is a problem", (_what, logs) => {
  expect(logChainProblems({ scns, logs })).not.toEqual([]);
});

test("logs that end before the last END BACKUP are a problem", () => {
  const early = { ...scns, recoverableTo: "140" };
  expect(logChainProblems({ scns: early, logs: whole })).toEqual([
    expect.stringContaining("before the last END"),
  ]);
});
