import { readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openProgramDoor } from "../../simulator/programs/door.ts";
import { startListener } from "../../simulator/tns/listener.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload } from "../../simulator/workload/workload.ts";
import type { RefreshedManifest } from "../../src/domain/manifest.ts";
import { flatSteps } from "../../src/plan/describe-step.ts";
import { baseline, planRefreshRun } from "../../src/run/backup-refresh.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";
import { DyingAgents } from "./ran-until-dead.ts";
import type { RmanAgentSpec } from "./rman-agent-that-dies.ts";

/** Level 1, merge, removal of what was merged: what a refresh runs. */
const PROGRAMS = [1, 2, 3];

test("killed around each script of RMAN: the next refresh needs no full copy, and restores what was committed", async () => {
  const around = (["before", "after"] as const).flatMap((at) => PROGRAMS.map((program) => ({ at, program })));
  await expectRepaired(around);
});

test("killed while RMAN is at work, with it or without: what it left is merged or made again", async () => {
  const texts = ["starting incremental level 1", "recovering datafile copy", "deleted backup piece"];
  const within = texts.flatMap((text, index) =>
    [true, false].map((together) => ({ at: "output" as const, program: index + 1, text, together })),
  );
  await expectRepaired(within);
});

/** Each death is followed by rows that change, and repaired by the run that dies next; the last one dies nowhere. */
async function expectRepaired(deaths: readonly RmanAgentSpec["death"][]): Promise<void> {
  await using rig = await simulatedWorld({
    database: { totalBytes: 2_000_000 },
    config: { refresh: { engine: "rman" } },
  });
  const workload = await createWorkload({ instance: rig.instance, seed: 5, tables: 1, initialRows: 5 });
  expect(await baseline(rig.world)).toMatchObject({ ok: true });
  const first = live(rig);
  using agents = new DyingAgents<RmanAgentSpec>("rman-agent-that-dies.ts");
  const { directory, engine, instance, programs } = rig;
  const base = join(directory, "prod");
  const { oracleHome } = programs;
  const door = await openProgramDoor({ base, oracleHome, sid: "ORCL", engine, instance });
  const listener = await startListener({ engine });
  const place = { directory, connectString: `127.0.0.1:${listener.port}/ORCL` };
  try {
    for (const death of deaths) {
      for (let i = 0; i < 6; i += 1) await workload.step();
      expect({ death, died: await agents.ranUntilDead({ ...place, death }) }).toEqual({ death, died: true });
      await putRight(rig);
    }
    for (let i = 0; i < 6; i += 1) await workload.step();
    const nowhere = { at: "before", program: 0 } as const;
    expect(await agents.ranUntilDead({ ...place, death: nowhere })).toBe(false);
  } finally {
    await listener.close();
    await door.close();
  }
  const last = live(rig);
  expect(last.dirty).toEqual([]);
  // No copy was made anew.
  expect(last.datafiles.map(({ madeBy }) => madeBy)).toEqual(first.datafiles.map(({ madeBy }) => madeBy));
  expect((await verifyBackup(rig.world, "TEST:live")).problems).toEqual([]);
  expect(readdirSync(join(rig.world.database.backupArea, "level1"))).toEqual([]);
  const target = BigInt(last.scns.minimumRecovery);
  const copies = { directory: liveDirectory(rig), manifest: last };
  await using restored = await restoredDatabase(copies, join(directory, "restored"), target);
  const expected = workload.history.stateAt(target - 1n);
  const compared = await compareWithDatabase(expected, instanceReader(restored.instance));
  expect(compared).toMatchObject({ rowsDifferent: 0 });
}

/** The run is closed, and the next refresh is planned without a full copy. */
async function putRight({ world }: SimulatedWorld): Promise<void> {
  expect(await reconcile(world, { planOnly: false })).toMatchObject({ ok: true });
  expect(await world.state.journal.openRuns(world.database.name)).toEqual([]);
  const planned = await planRefreshRun(world);
  const files = planned.ok
    ? flatSteps(planned.plan.steps).flatMap((step) => (step.kind === "rman-refresh" ? step.files : []))
    : [];
  expect(files.map(({ how }) => how)).toEqual(files.map(() => "merge"));
  expect(files.length).toBeGreaterThan(0);
}

function liveDirectory({ world }: SimulatedWorld): string {
  return join(world.database.backupArea, "live");
}

function live(rig: SimulatedWorld): RefreshedManifest {
  const manifest = manifestOf(liveDirectory(rig));
  if (manifest.kind !== "refreshed") throw new Error(manifest.kind);
  return manifest;
}
