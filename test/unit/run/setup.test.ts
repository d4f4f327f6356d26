import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { baseline } from "../../../src/run/backup-refresh.ts";
import { setup } from "../../../src/run/setup.ts";
import { simulatedWorld, type SimulatedWorld } from "../../rigs/simulated-world.ts";

const doIt = { undo: false, planOnly: false };
const undoIt = { undo: true, planOnly: false };

function live({ world }: SimulatedWorld): string {
  return join(world.database.backupArea, "live");
}

test("setup makes the live area and says that no logs are sent to it; done again it has nothing to do", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
  const planned = await setup(rig.world, { undo: false, planOnly: true });
  expect(existsSync(live(rig))).toBe(false);
  const done = await setup(rig.world, doIt);
  if (!planned.ok || !done.ok) throw new Error("it was refused");
  expect(done.plan.steps).toEqual(planned.plan.steps);
  expect(done.plan.steps.map((step) => step.kind)).toEqual([
    ...Array.from({ length: 5 }, () => "make-directory"),
    "mark-area",
  ]);
  expect(done.warnings.map((one) => one.todo)).toContain("umbra logs setup TEST");
  expect(await setup(rig.world, doIt)).toMatchObject({ ok: true, plan: { steps: [] } });
});

test("undone, nothing of it is left; an area in use stays as it is", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
  await setup(rig.world, doIt);
  expect(await setup(rig.world, undoIt)).toMatchObject({ ok: true });
  expect(existsSync(live(rig))).toBe(false);
  expect(await setup(rig.world, undoIt)).toMatchObject({ ok: true, plan: { steps: [] } });
  await setup(rig.world, doIt);
  expect(await baseline(rig.world)).toMatchObject({ ok: true });
  expect(await setup(rig.world, undoIt)).toMatchObject({ ok: false, refusals: [{ code: "UMB-3140" }] });
  expect(existsSync(join(live(rig), "manifest.json"))).toBe(true);
});

test("a directory with somebody else's files is not taken over", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
  await setup(rig.world, doIt);
  await setup(rig.world, undoIt);
  await rig.world.backupHost.makeDirectory(live(rig) as never, { deadlineMs: 5_000 });
  writeFileSync(join(live(rig), "holiday.jpg"), "x");
  for (const how of [doIt, undoIt]) {
    expect(await setup(rig.world, how)).toMatchObject({ ok: false, refusals: [{ code: "UMB-3133" }] });
  }
  expect(await baseline(rig.world)).toMatchObject({ ok: false, refusals: [{ code: "UMB-3133" }] });
});

test("logs that the archiver delivered before there was anything else do not make the area somebody else's", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
  const logs = join(live(rig), "logs");
  await rig.world.backupHost.makeDirectory(logs as never, { deadlineMs: 5_000 });
  writeFileSync(join(logs, "1_1_1.arc"), "x");
  expect(await setup(rig.world, doIt)).toMatchObject({ ok: true });
  expect(await baseline(rig.world)).toMatchObject({ ok: true });
});
