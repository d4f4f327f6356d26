import { expect, test } from "vitest";

import { backupCold, planCold } from "../../../src/run/backup-cold.ts";
import { rebuildCatalog } from "../../../src/run/rebuild-catalog.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

async function downtimeOf({ world }: SimulatedWorld, mode: "plain" | "pre-copy") {
  const planned = await planCold(world, { mode });
  if (!planned.ok) throw new Error(JSON.stringify(planned.refusals));
  return planned.plan.downtime;
}

test("how long a cold backup had the database down is told by the next plan in its mode, also after a rebuild", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 3_000_000 } });
  expect(await downtimeOf(rig, "plain")).not.toHaveProperty("lastMs");
  const made = await backupCold(rig.world, { mode: "plain" });
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const { cold } = made.backup;
  expect(cold?.downtimeMs).toBeGreaterThan(0);
  expect(await downtimeOf(rig, "plain")).toMatchObject({ lastMs: cold?.downtimeMs, measured: false });
  expect(await downtimeOf(rig, "pre-copy")).not.toHaveProperty("lastMs");
  await rig.world.state.catalog.remove(made.backup.id);
  expect(await downtimeOf(rig, "plain")).not.toHaveProperty("lastMs");
  await rebuildCatalog(rig.world);
  expect(await downtimeOf(rig, "plain")).toMatchObject({ lastMs: cold?.downtimeMs });
});

test("the rate of copies that took long enough to tell is what the next plan counts with", async () => {
  // Each chunk of a copy seems to take its time.
  let later = 0;
  const whileCopying = async () => {
    later += 50;
  };
  await using rig = await simulatedWorld({ database: { totalBytes: 3_000_000 }, whileCopying });
  const { clock } = rig.world;
  const slow = { ...clock, monotonicMs: () => clock.monotonicMs() + later };
  const made = await backupCold({ ...rig.world, clock: slow }, { mode: "plain" });
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const { bytesPerSecond } = made.backup.cold ?? {};
  expect(bytesPerSecond).toBeGreaterThan(0);
  const { copyMs = 0, bytes, measured } = await downtimeOf(rig, "plain");
  expect(measured).toBe(true);
  expect(copyMs).toBeCloseTo((bytes / (bytesPerSecond ?? 1)) * 1000, 3);
});
