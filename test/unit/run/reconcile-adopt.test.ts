import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import type { CatalogEntry } from "../../../src/domain/journal.ts";
import type { FilePath, RunId } from "../../../src/domain/names.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const dead = "20261121T093300Z-hot-4f2a91" as RunId;

async function madeBackup({ world }: SimulatedWorld): Promise<CatalogEntry> {
  const made = await backupHot(world, { tablespaces: ["USERS"] });
  if (!made.ok) throw new Error("no backup");
  return made.backup;
}

/** A run that died, whose directory holds what another run made. */
async function diesBeside(rig: SimulatedWorld, backup: CatalogEntry): Promise<FilePath> {
  const directory = join(dirname(backup.directory), dead) as FilePath;
  mkdirSync(directory);
  cpSync(backup.directory, directory, { recursive: true });
  const { state, database, clock } = rig.world;
  await state.journal.openRun({
    id: dead,
    database: database.name,
    kind: "hot-backup",
    startedAt: clock.now(),
    directory,
  });
  return directory;
}

const catalogued = async ({ world }: SimulatedWorld) =>
  (await world.state.catalog.list(world.database.name)).map((entry) => entry.id);

test("a manifest of another run in the directory of one that died is not taken for its own", async () => {
  await using rig = await simulatedWorld();
  const backup = await madeBackup(rig);
  const directory = await diesBeside(rig, backup);
  const outcome = await reconcile(rig.world, { planOnly: false });
  expect(outcome).toMatchObject({ ok: false, refusals: [{ code: "UMB-8005" }] });
  expect(await catalogued(rig)).toEqual([backup.id]);
  expect(existsSync(directory)).toBe(true);
  expect(await rig.world.state.journal.run(dead)).toMatchObject({ outcome: "interrupted" });
  expect(await reconcile(rig.world, { planOnly: false })).toEqual({ ok: true, lines: [], warnings: [] });
});

test("a run that died behind its manifest is adopted, with what the manifest says", async () => {
  await using rig = await simulatedWorld();
  const backup = await madeBackup(rig);
  const { database, clock } = rig.world;
  // Another state, in which the run is open and the backup is unknown.
  await using other = await simulatedWorld();
  await other.world.state.journal.openRun({
    id: backup.id as RunId,
    database: database.name,
    kind: "hot-backup",
    startedAt: clock.now(),
    directory: backup.directory,
  });
  expect(await reconcile(other.world, { planOnly: false })).toMatchObject({ ok: true });
  expect(await other.world.state.catalog.list(database.name)).toEqual([backup]);
  expect(await other.world.state.journal.run(backup.id as RunId)).toMatchObject({ outcome: "done" });
});
