import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { expect, test } from "vitest";

import { withQuietFinalizers } from "../../../../src/adapters/oracledb/finalizers.ts";

test("what fails for a connection that was collected as garbage ends nothing", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const cleaned: string[] = [];
  const registry = await withQuietFinalizers(() =>
    Promise.resolve(
      new FinalizationRegistry((name: string) => {
        cleaned.push(name);
        throw new Error("NJS-500: connection to Oracle Database was closed or broken");
      }),
    ),
  );
  registry.register({}, "lost");
  // An error that nobody takes would fail the run.
  await expect
    .poll(() => {
      collect();
      return cleaned;
    })
    .toEqual(["lost"]);
});

test("others get the registry that was there", async () => {
  const own = globalThis.FinalizationRegistry;
  await expect(withQuietFinalizers(() => Promise.reject(new Error("not found")))).rejects.toThrow(
    "not found",
  );
  expect(globalThis.FinalizationRegistry).toBe(own);
});
