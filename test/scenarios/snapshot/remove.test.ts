import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { backupSnapshot } from "../../../src/run/backup-snapshot.ts";
import { applyRetention } from "../../../src/run/retention-apply.ts";
import type { World } from "../../../src/run/world.ts";
import type { StorageAdapter } from "../../../storage-adapters/contract.ts";
import { Died, dyingWorld } from "../../fakes/dying-world.ts";
import { RETENTION } from "../../rigs/kept-backups.ts";
import { listingStorage } from "../../rigs/listing-storage.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { runDirectories, snapshotRig, snapshotsOf } from "./rig.ts";

/** The newest of a day stays, and the others go at once. */
const retention = { ...RETENTION, graceMs: 0, policy: { ...RETENTION.policy, keep: { daily: 1 } } };

/** Its storage is in this process, and may do otherwise. */
async function rig(change?: (storage: StorageAdapter) => StorageAdapter) {
  return await snapshotRig({
    world: (world) => {
      const directory = dirname(dirname(world.state.path));
      const { storages } = listingStorage(join(directory, "prod"), join(directory, "snapshots"), change);
      return { ...world, storages, database: { ...world.database, retention } };
    },
  });
}

async function taken(world: World): Promise<{ readonly id: string; readonly snapshots: readonly string[] }> {
  const made = await backupSnapshot(world);
  if (!made.ok) throw new Error(made.refusals[0]?.seen);
  const manifest = manifestOf(made.backup.directory);
  if (manifest.kind !== "snapshot") throw new Error(manifest.kind);
  return { id: made.backup.id, snapshots: manifest.snapshots.map(({ name }) => name) };
}

async function applied(world: World) {
  const done = await applyRetention(world, { byPolicy: true });
  if (!done.ok) throw new Error(done.refusals[0]?.seen);
  return done.applied;
}

test("a backup by snapshots goes with its snapshots, and leaves those of others; it may die anywhere", async () => {
  await using made = await rig();
  const { world } = made;
  let before = await taken(world);
  let deaths = 0;
  for (let at = 1; ; at += 1) {
    const after = await taken(world);
    expect(snapshotsOf(made).toSorted()).toEqual([...before.snapshots, ...after.snapshots].toSorted());
    const dying = dyingWorld(world, { at, when: at % 2 === 0 ? "before" : "after" });
    await applyRetention(dying.world, { byPolicy: true }).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
    // Whatever has a manifest has its snapshots.
    const left = runDirectories(made).map((run) => join(world.database.backupArea, "snapshot", run));
    const whole = left.filter((directory) => existsSync(join(directory, "manifest.json"))).map(manifestOf);
    const named = whole.flatMap((one) => (one.kind === "snapshot" ? one.snapshots : []));
    expect(snapshotsOf(made)).toEqual(expect.arrayContaining(named.map(({ name }) => name)));
    expect(await applied(world)).toMatchObject({ problems: [], left: [] });
    expect(runDirectories(made)).toEqual([after.id]);
    expect(snapshotsOf(made)).toEqual(after.snapshots);
    expect((await world.state.catalog.list()).map(({ id }) => id)).toEqual([after.id]);
    before = after;
    if (!dying.died()) break;
    deaths += 1;
  }
  expect(deaths).toBeGreaterThan(15);
});

test("a snapshot under the backup's name that carries another tag is left, and said, as long as it is there", async () => {
  const somebody = { has: "" };
  await using made = await rig((storage) => ({
    ...storage,
    findSnapshot: async (ref, limits) => {
      const found = await storage.findSnapshot(ref, limits);
      if (found?.tag === undefined || found.name !== somebody.has) return found;
      return { ...found, tag: { ...found.tag, agent: "somebody" } };
    },
  }));
  const old = await taken(made.world);
  const young = await taken(made.world);
  somebody.has = old.snapshots[0] ?? "";
  expect((await applied(made.world)).problems).toMatchObject([{ object: old.id }]);
  expect(snapshotsOf(made)).toEqual(expect.arrayContaining([...old.snapshots]));
  somebody.has = "";
  expect(await applied(made.world)).toMatchObject({ removed: [old.id], problems: [] });
  expect(snapshotsOf(made)).toEqual(young.snapshots);
});
