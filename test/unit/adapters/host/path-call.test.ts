import { expect, test } from "vitest";

import { onPath } from "../../../../src/adapters/host/path-call.ts";
import type { FilePath } from "../../../../src/domain/names.ts";

const path = "/backup/area" as FilePath;

test("a call on a dead mount is left when its deadline passes, and knows that it was", async () => {
  let wanted: () => boolean = () => true;
  const hung = onPath(path, "write", { deadlineMs: 5 }, (stillWanted) => {
    wanted = stillWanted;
    return new Promise<never>(() => {});
  });
  await expect(hung).rejects.toMatchObject({
    code: "UMB-7107",
    context: { path, operation: "write", deadlineMs: 5 },
  });
  expect(wanted()).toBe(false);
});

test("a call is left when its signal aborts", async () => {
  const stop = new AbortController();
  const hung = onPath(path, "stat", { deadlineMs: 60_000, signal: stop.signal }, () => new Promise(() => {}));
  stop.abort(new Error("enough"));
  await expect(hung).rejects.toThrow("enough");
});

test("an error that no system call gave is not dressed up", async () => {
  const call = onPath(path, "stat", { deadlineMs: 1_000 }, () => Promise.reject(new TypeError("wrong")));
  await expect(call).rejects.toThrow(TypeError);
});
