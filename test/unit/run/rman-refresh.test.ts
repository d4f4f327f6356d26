import { readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { compareWithDatabase } from "../../../simulator/workload/compare.ts";
import { instanceReader } from "../../../simulator/workload/readers.ts";
import { createWorkload } from "../../../simulator/workload/workload.ts";
import { planText } from "../../../src/cli/render/plan.ts";
import { describePlan } from "../../../src/plan/describe-step.ts";
import { backupRefresh, baseline, planRefreshRun } from "../../../src/run/backup-refresh.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { manifestOf, restoredDatabase } from "../../rigs/restored-database.ts";
import {
  simulatedWorld,
  type SimulatedWorld,
  type SimulatedWorldOptions,
} from "../../rigs/simulated-world.ts";

const live = ({ world }: SimulatedWorld) => join(world.database.backupArea, "live");
const levelOnes = ({ world }: SimulatedWorld) => readdirSync(join(world.database.backupArea, "level1"));

function rmanWorld(options: SimulatedWorldOptions = {}): Promise<SimulatedWorld> {
  const database = { totalBytes: 3_000_000, ...options.database };
  return simulatedWorld({ ...options, database, config: { refresh: { engine: "rman" } } });
}

async function made(run: ReturnType<typeof baseline>) {
  const outcome = await run;
  if (!outcome.ok) throw new Error(outcome.refusals.map((one) => one.seen).join("; "));
  return outcome.backup;
}

test("copies by RMAN: what coverage claims is restored to what was committed", async () => {
  await using rig = await rmanWorld();
  const workload = await createWorkload({ instance: rig.instance, seed: 7, tables: 1, initialRows: 6 });
  await made(baseline(rig.world));
  for (let i = 0; i < 30; i += 1) await workload.step();
  expect(await made(backupRefresh(rig.world))).toMatchObject({ id: "TEST:live", kind: "refreshed" });
  expect(levelOnes(rig)).toEqual([]);
  const report = await coverageReport(rig.world);
  const [way] = report.coverage[0]?.ways ?? [];
  if (way === undefined) throw new Error("nothing can be restored");
  const directory = live(rig);
  const manifest = manifestOf(directory);
  expect(manifest.datafiles.every((one) => one.mode === "rman")).toBe(true);
  for (const target of [way.from, way.to]) {
    await using restored = await restoredDatabase(
      { directory, manifest },
      join(rig.directory, `restored-${target}`),
      target,
    );
    const expected = workload.history.stateAt(target - 1n);
    expect(await compareWithDatabase(expected, instanceReader(restored.instance))).toMatchObject({
      rowsDifferent: 0,
    });
  }
  expect((await verifyBackup(rig.world, "TEST:live")).problems).toEqual([]);
});

test("a plan shows the scripts as RMAN gets them", async () => {
  await using rig = await rmanWorld();
  await made(baseline(rig.world));
  const planned = await planRefreshRun(rig.world);
  if (!planned.ok) throw new Error("refused");
  const lines = describePlan(planned.plan);
  const text = planText("refresh", lines, []);
  expect(text).toContain("RMAN, 1 channel: a level 1 merged into the copies of 4 datafiles");
  expect(text).toContain("RMAN:   backup incremental level 1 for recover of copy with tag 'UMBRA_TEST'");
  expect(lines.some(({ sql }) => sql.some((one) => /begin backup/iu.test(one)))).toBe(false);
});

test("copies that umbra brought forward in between are merged into by RMAN all the same", async () => {
  await using rig = await rmanWorld();
  const workload = await createWorkload({ instance: rig.instance, seed: 3, tables: 1, initialRows: 6 });
  const { refresh } = rig.world.database;
  const blocks = { ...rig.world.database, refresh: { ...refresh, engine: "blocks" as const } };
  await made(baseline(rig.world));
  for (const world of [{ ...rig.world, database: blocks }, rig.world]) {
    for (let i = 0; i < 15; i += 1) await workload.step();
    await made(backupRefresh(world));
  }
  const directory = live(rig);
  const manifest = manifestOf(directory);
  const target = BigInt(manifest.scns.minimumRecovery);
  await using restored = await restoredDatabase(
    { directory, manifest },
    join(rig.directory, "again"),
    target,
  );
  const expected = workload.history.stateAt(target - 1n);
  const compared = await compareWithDatabase(expected, instanceReader(restored.instance));
  expect(compared).toMatchObject({ rowsDifferent: 0 });
});

test("copies that RMAN never heard of are refused, and the way out is named (rule 79)", async () => {
  await using rig = await rmanWorld();
  const { refresh } = rig.world.database;
  const blocks = { ...rig.world.database, refresh: { ...refresh, engine: "blocks" as const } };
  await made(baseline({ ...rig.world, database: blocks }));
  const planned = await planRefreshRun(rig.world);
  expect(planned.ok ? [] : planned.refusals.map(({ todo }) => todo)).toContain(
    "umbra baseline TEST --datafile 1",
  );
});
