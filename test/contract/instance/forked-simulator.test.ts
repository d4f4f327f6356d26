import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { forkSimulator } from "../../../simulator/doors/forked.ts";
import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { call, ways } from "./rig.ts";

test("a simulated host in a process of its own is stopped and started by its programs, under load", async () => {
  using scratch = scratchDirectory(tmpdir());
  const oracleHome = join(scratch.path, "home");
  await using simulator = await forkSimulator({
    base: join(scratch.path, "prod"),
    oracleHome,
    bytes: 8 * 1_048_576,
    workload: true,
    opsPerSecond: 500,
  });
  const never = () => Promise.reject(new Error("nothing is copied here"));
  const host = createLocalHost({ copier: { copy: never, verify: never } });
  const control = ways["sqlplus"]?.(host, oracleHome);
  await expect.poll(async () => (await simulator.status()).commits).toBeGreaterThan(5);
  expect(await control?.shutdown({ mode: "immediate" }, call)).toMatchObject({ changed: true });
  expect((await simulator.status()).state).toBe("IDLE");
  expect(await control?.startup({ to: "open" }, call)).toMatchObject({ changed: true });
  expect(await control?.status(call)).toMatchObject({ state: "open" });
});
