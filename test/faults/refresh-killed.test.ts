import { join } from "node:path";

import { expect, test } from "vitest";

import { startListener } from "../../simulator/tns/listener.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import { flatSteps } from "../../src/plan/describe-step.ts";
import { backupRefresh, baseline, planRefreshRun } from "../../src/run/backup-refresh.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";
import { activeFiles } from "./after-a-death.ts";
import { DyingAgents } from "./ran-until-dead.ts";
import type { RefreshAgentSpec } from "./refresh-agent-that-dies.ts";

/** A process for each death: not every write, and a restore not after every death. */
const EVERY_WRITE = 7;
const EVERY_CHUNK = 12;
const MOST_DEATHS = 60;

test("killed after a write of its state: the next refresh needs no full copy, and restores what was committed", async () => {
  const { deaths, dirty } = await dieInSteps((n) => ({ at: "after-write", write: 1 + n * EVERY_WRITE }));
  expect(deaths).toBeGreaterThan(5);
  expect(dirty).toBeGreaterThan(2);
});

test("killed in the middle of rewriting a copy: it is marked, and made whole by comparing", async () => {
  const { deaths, dirty } = await dieInSteps((n) => ({ at: "chunk", chunk: 1 + n * EVERY_CHUNK }));
  expect(deaths).toBeGreaterThan(2);
  expect(dirty).toBe(deaths);
});

async function dieInSteps(death: (n: number) => RefreshAgentSpec["death"]) {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_500_000 } });
  const workload = await createWorkload({ instance: rig.instance, seed: 3, tables: 1, initialRows: 5 });
  expect(await baseline(rig.world)).toMatchObject({ ok: true });
  using agents = new DyingAgents<RefreshAgentSpec>("refresh-agent-that-dies.ts");
  const listener = await startListener({ engine: rig.engine });
  const place = { directory: rig.directory, connectString: `127.0.0.1:${listener.port}/ORCL` };
  let dirty = 0;
  try {
    for (let n = 0; n < MOST_DEATHS; n += 1) {
      for (let i = 0; i < 6; i += 1) await workload.step();
      if (!(await agents.ranUntilDead({ ...place, death: death(n) }))) {
        await expectRestored(rig, workload);
        return { deaths: n, dirty };
      }
      dirty += await putRight(rig);
      if (n % 5 === 0) await broughtForward(rig);
    }
    throw new Error("a run never came to its end");
  } finally {
    await listener.close();
  }
}

/** Backup mode is ended, the run closed, and every copy is still there. 1 where copies were left marked. */
async function putRight(rig: SimulatedWorld): Promise<number> {
  const { world } = rig;
  const before = manifestOf(live(rig));
  expect(await reconcile(world, { planOnly: false })).toMatchObject({ ok: true });
  expect(activeFiles(rig)).toEqual([]);
  expect(await world.state.journal.openRuns(world.database.name)).toEqual([]);
  expect(manifestOf(live(rig))).toEqual(before);
  const planned = await planRefreshRun(world);
  const copies = planned.ok ? flatSteps(planned.plan.steps).map((step) => step.kind) : ["refused"];
  expect(copies).not.toContain("copy-datafile");
  expect(copies).not.toContain("refused");
  return before.kind === "refreshed" && before.dirty.length > 0 ? 1 : 0;
}

async function broughtForward(rig: SimulatedWorld): Promise<void> {
  expect(await backupRefresh(rig.world)).toMatchObject({ ok: true });
  expect((await verifyBackup(rig.world, "TEST:live")).problems).toEqual([]);
}

async function expectRestored(rig: SimulatedWorld, workload: Workload): Promise<void> {
  const directory = live(rig);
  const manifest = manifestOf(directory);
  const target = BigInt(manifest.scns.minimumRecovery);
  await using restored = await restoredDatabase(
    { directory, manifest },
    join(rig.directory, "restored"),
    target,
  );
  const expected = workload.history.stateAt(target - 1n);
  expect(await compareWithDatabase(expected, instanceReader(restored.instance))).toMatchObject({
    rowsDifferent: 0,
  });
}

function live({ world }: SimulatedWorld): string {
  return join(world.database.backupArea, "live");
}
