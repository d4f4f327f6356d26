import { expect, test } from "vitest";

import { startListener } from "../../simulator/tns/listener.ts";
import { instant } from "../../src/domain/instant.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import type { SimulatedWorld } from "../rigs/simulated-world.ts";
import { runDirectories, snapshotRig, snapshotsOf } from "../scenarios/snapshot/rig.ts";
import { activeFiles } from "./after-a-death.ts";
import { DyingAgents } from "./ran-until-dead.ts";
import type { SnapshotAgentSpec } from "./snapshot-agent-that-dies.ts";

/** Far above the writes of one backup: the loop ends when a run outlives its death. */
const MOST_DEATHS = 200;
const HOUR_MS = 3_600_000;

test.for(["before", "after"] as const)(
  "killed %s any write of its state: nothing stays suspended, in backup mode, or unknown to its storage",
  async (at) => {
    await using rig = await snapshotRig();
    using agents = new DyingAgents<SnapshotAgentSpec>("snapshot-agent-that-dies.ts");
    const listener = await startListener({ engine: rig.engine });
    const place = { directory: rig.directory, connectString: `127.0.0.1:${listener.port}/ORCL` };
    const left = { suspended: 0, inBackupMode: 0, snapshots: 0 };
    let deaths = 0;
    try {
      for (let write = 1; write < MOST_DEATHS; write += 1) {
        if (!(await agents.ranUntilDead({ ...place, write, at }))) break;
        deaths += 1;
        if (rig.instance.suspended) left.suspended += 1;
        if (activeFiles(rig).length > 0) left.inBackupMode += 1;
        if (snapshotsOf(rig).length > (await expected(rig)).length) left.snapshots += 1;
        await expectPutRight(rig, write);
      }
    } finally {
      await listener.close();
    }
    expect(deaths).toBeGreaterThan(30);
    expect(left.suspended).toBeGreaterThan(1);
    expect(left.inBackupMode).toBeGreaterThan(4);
    expect(left.snapshots).toBeGreaterThan(8);
  },
);

/** An hour later, so that no storage can still be at work at what the dead process asked for. */
async function expectPutRight(rig: SimulatedWorld, write: number): Promise<void> {
  const { world, instance } = rig;
  const { state, database } = world;
  const { name } = database;
  const clock = { ...world.clock, now: () => instant(world.clock.now() + HOUR_MS) };
  const done = await reconcile({ ...world, clock }, { planOnly: false });
  expect({ write, done: done.ok }).toEqual({ write, done: true });
  expect(instance.suspended).toBe(false);
  expect(activeFiles(rig)).toEqual([]);
  expect(await state.obligations.pending(name)).toEqual([]);
  expect(await state.snapshotObligations.pending(name)).toEqual([]);
  expect(await state.journal.openRuns(name)).toEqual([]);
  const catalogued = await state.catalog.list(name);
  expect(runDirectories(rig).toSorted()).toEqual(catalogued.map(({ id }) => id).toSorted());
  expect(snapshotsOf(rig)).toHaveLength(catalogued.length);
  for (const { id } of catalogued) expect((await verifyBackup(world, id)).problems).toEqual([]);
}

async function expected({ world }: SimulatedWorld) {
  return await world.state.catalog.list(world.database.name);
}
