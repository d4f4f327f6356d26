import { describe, expect, test } from "vitest";

import { compareWithDatabase } from "../../../../simulator/workload/compare.ts";
import { instanceReader } from "../../../../simulator/workload/readers.ts";
import { WorkloadRunner } from "../../../../simulator/workload/workload-runner.ts";
import { MemoryInstance } from "./memory-instance.ts";

describe("workload runner", () => {
  test("nothing is remembered before the first start, everything after it, across stops", async () => {
    const instance = new MemoryInstance();
    const runner = new WorkloadRunner({ instance, seed: 1 });
    expect(runner.remembered(10n).tables).toEqual([]);
    await runner.start(5000);
    await runner.start(5000);
    await expect.poll(() => runner.operations).toBeGreaterThan(50);
    await runner.stop({ commit: false });
    const stoppedAt = runner.operations;
    expect(runner.running).toBe(false);
    await runner.start(5000);
    await expect.poll(() => runner.operations).toBeGreaterThan(stoppedAt + 50);
    await runner.stop({ commit: true });
    await runner.stop({ commit: true });
    expect(runner.lastCommitScn).toBe(instance.currentScn());
    expect(
      (await compareWithDatabase(runner.remembered(instance.currentScn()), instanceReader(instance)))
        .rowsDifferent,
    ).toBe(0);
  });

  test("a failed start can be tried again, and a failure of the simulator is told by stop", async () => {
    const instance = new MemoryInstance();
    const runner = new WorkloadRunner({ instance, seed: 1 });
    instance.beforeCall = () => {
      throw new TypeError("broken");
    };
    await expect(runner.start(5000)).rejects.toThrow("broken");
    expect(runner.running).toBe(false);
    instance.beforeCall = () => undefined;
    await runner.start(5000);
    let thrown = false;
    instance.beforeCall = () => {
      thrown = true;
      throw new TypeError("broken again");
    };
    await expect.poll(() => thrown).toBe(true);
    await expect(runner.stop({ commit: false })).rejects.toThrow("broken again");
  });
});
