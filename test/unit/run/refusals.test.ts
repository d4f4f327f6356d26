import { existsSync } from "node:fs";

import { expect, test } from "vitest";

import { backupHot, planHot } from "../../../src/run/backup-hot.ts";
import type { World } from "../../../src/run/world.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

/** Codes of all refusals; the database and the backup area must be as they were. */
async function refusedCodes(
  rig: SimulatedWorld,
  options: Parameters<typeof backupHot>[1] = {},
  world = rig.world,
) {
  const before = rig.instance.currentScn();
  const outcome = await backupHot(world, options);
  if (outcome.ok) throw new Error("the backup was made");
  expect(existsSync(`${world.database.backupArea}/hot`)).toBe(false);
  expect(rig.instance.currentScn() - before).toBeLessThan(100n);
  expect(await rig.world.state.journal.runs()).toEqual([]);
  return outcome.refusals.map((refusal) => refusal.code);
}

test("NOARCHIVELOG is refused", async () => {
  await using rig = await simulatedWorld({ database: { archivelog: false } });
  expect(await refusedCodes(rig)).toEqual(["UMB-3102"]);
});

test("another DBID and an unknown tablespace are refused at once", async () => {
  await using rig = await simulatedWorld();
  const world: World = { ...rig.world, database: { ...rig.world.database, dbid: "42" } };
  expect(await refusedCodes(rig, { tablespaces: ["NOWHERE", "temp"] }, world)).toEqual([
    "UMB-3101",
    "UMB-3111",
    "UMB-3111",
  ]);
});

test("somebody else's BEGIN BACKUP is refused and left alone", async () => {
  await using rig = await simulatedWorld();
  await rig.instance.beginBackup({ level: "tablespace", conId: 0, name: "USERS" });
  expect(await refusedCodes(rig)).toEqual(["UMB-3105"]);
  const active = rig.instance.controlFile?.datafiles.filter(
    (file) => rig.instance.backupMode(file).status === "ACTIVE",
  );
  expect(active?.length).toBe(1);
});

test("a backup area that is too small is refused", async () => {
  await using rig = await simulatedWorld({
    change: (world) => ({
      ...world,
      database: { ...world.database, backup: { ...world.database.backup, spareBytes: 2 ** 50 } },
    }),
  });
  expect(await refusedCodes(rig)).toEqual(["UMB-3115"]);
});

test("--tablespaces and mode database exclude each other", async () => {
  await using rig = await simulatedWorld();
  expect(await refusedCodes(rig, { tablespaces: ["USERS"], mode: "database" })).toEqual(["UMB-3118"]);
});

test("a plan is the same twice, and takes no lock", async () => {
  await using rig = await simulatedWorld();
  const { locks } = rig.world.state;
  using _lock = locks.take(rig.world.database.name, "other" as never, rig.world.clock.now());
  const plans = [await planHot(rig.world), await planHot(rig.world)];
  const ids = plans.map((planned) =>
    planned.ok ? planned.plan.steps.map((step) => step.id) : planned.refusals,
  );
  expect(ids[0]).toEqual(ids[1]);
  await expect(backupHot(rig.world)).rejects.toMatchObject({ code: "UMB-8001" });
});
