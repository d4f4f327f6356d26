import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

test("setup makes the live area and has the logs sent there; done again it has nothing to do", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
  const planned = await setup(rig.world, { undo: false, planOnly: true });
  expect(existsSync(live(rig))).toBe(false);
  const done = await setup(rig.world, doIt);
  if (!planned.ok || !done.ok) throw new Error("it was refused");
  expect(done.plan).toEqual(planned.plan);
  expect(done.plan.area.steps.map((step) => step.kind)).toEqual([
    ...Array.from({ length: 5 }, () => "make-directory"),
    "mark-area",
  ]);
  expect(done.plan.logs?.steps.at(-1)).toMatchObject({ kind: "prove" });
  expect(readdirSync(join(live(rig), "logs"))).toHaveLength(1);
  expect(await setup(rig.world, doIt)).toMatchObject({
    ok: true,
    plan: { area: { steps: [] }, logs: { steps: [] } },
  });
});

test("a database that cannot have the destination gets its area all the same, and is told why", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
  await rig.instance.setParameter("log_archive_min_succeed_dest", "2", "BOTH");
  const done = await setup(rig.world, doIt);
  if (!done.ok) throw new Error("it was refused");
  expect(done.plan.logs).toBeUndefined();
  expect(done.warnings.map(({ rule, seen }) => [rule, seen])).toContainEqual([
    91,
    expect.stringContaining("with each refresh only, as it got no archive destination: LOG_ARCHIVE_MIN"),
  ]);
  expect(existsSync(live(rig))).toBe(true);
});

test("undone, the destination is gone, and of the area only the logs stay; an area in use stays as it is", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
  const logs = join(live(rig), "logs");
  const destination = () => rig.instance.parameters.get("log_archive_dest_10") ?? "";
  await setup(rig.world, doIt);
  const planned = await setup(rig.world, { undo: true, planOnly: true });
  expect(destination()).toContain(logs);
  const undone = await setup(rig.world, undoIt);
  if (!planned.ok || !undone.ok) throw new Error("it was refused");
  expect(undone.plan).toEqual(planned.plan);
  expect(undone.warnings.map(({ seen }) => seen)).toEqual([`the archived logs in ${logs} stay`]);
  expect(destination()).toBe("");
  expect(readdirSync(live(rig))).toEqual(["logs"]);
  rmSync(logs, { recursive: true });
  expect(await setup(rig.world, undoIt)).toMatchObject({ ok: true });
  expect(existsSync(live(rig))).toBe(false);
  expect(await setup(rig.world, undoIt)).toMatchObject({ ok: true, plan: { area: { steps: [] } } });
  await setup(rig.world, doIt);
  expect(await baseline(rig.world)).toMatchObject({ ok: true });
  expect(await setup(rig.world, undoIt)).toMatchObject({ ok: false, refusals: [{ code: "UMB-3140" }] });
  expect(existsSync(join(live(rig), "manifest.json"))).toBe(true);
  expect(destination()).toContain(logs);
});

test("a directory with somebody else's files is not taken over", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
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
