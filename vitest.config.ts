import { availableParallelism } from "node:os";

import { defineConfig } from "vitest/config";

import { ClosingLine } from "./test/reporter.ts";

const project = (name: string, timeoutMs: number) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeoutMs, hookTimeout: timeoutMs },
});

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLine()],
    pool: "forks",
    // The default leaves one core to the developer.
    maxWorkers: availableParallelism(),
    sequence: { shuffle: true },
    // A condition that is waited for has the time that its test has, not the second that is usual: machines are busy.
    expect: { requireAssertions: true, poll: { timeout: 30_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    retry: 0,
    globalSetup: ["test/setup.ts"],
    projects: [
      { extends: true as const, test: { name: "house", include: ["test/*.test.ts"], testTimeout: 20_000 } },
      project("unit", 10_000),
      project("contract", 30_000),
      project("scenarios", 60_000),
      project("faults", 600_000),
      project("laws", 600_000),
      project("cli", 60_000),
      project("real", 120_000),
    ],
  },
});
