import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { describePlan } from "../../../src/plan/describe-step.ts";
import { backupRefresh, baseline, planRefreshRun } from "../../../src/run/backup-refresh.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import { brought, listingWorld, momentsIn } from "../../rigs/listing-world.ts";

test("the baseline's snapshots are where the first list begins, and each refresh replaces them", async () => {
  await using rig = await listingWorld();
  const first = await brought(rig, baseline);
  expect(first.datafiles.map(({ changesFrom }) => changesFrom?.storage)).toEqual(
    first.datafiles.map(() => "primary"),
  );
  expect(rig.listing.snapshots()).toEqual(momentsIn(first));
  for (let round = 0; round < 3; round += 1) {
    await rig.change();
    const manifest = await brought(rig, backupRefresh);
    expect(rig.listing.snapshots()).toEqual(momentsIn(manifest));
    expect(momentsIn(manifest)).toEqual([`umbra-changes-${manifest.run}.0`]);
    const lists = rig.refreshed.filter(({ request }) => request.changes.by === "list");
    expect(lists).toHaveLength(first.datafiles.length);
    expect(lists.every(({ request }) => request.source.includes("/snapshots/"))).toBe(true);
    expect(rig.refreshed.flatMap(({ result }) => result.doubt ?? [])).toEqual([]);
    // One copy is in its turn, and is compared whole.
    expect(rig.refreshed.filter(({ result }) => result.foundBy === "compare")).toHaveLength(1);
    expect(rig.refreshed.map(({ isTrue }) => isTrue)).not.toContain(false);
  }
  expect(await rig.world.state.snapshotObligations.pending(rig.world.database.name)).toEqual([]);
});

test("a refresh that fails keeps the snapshots of the one before, and its own go", async () => {
  await using rig = await listingWorld();
  const first = await brought(rig, baseline);
  await rig.change();
  let calls = 0;
  rig.before.refresh = () => {
    calls += 1;
    if (calls === 2) throw new Error("the disk is gone");
  };
  await expect(backupRefresh(rig.world)).rejects.toThrow("the disk is gone");
  expect(rig.listing.snapshots()).toEqual(momentsIn(first));
  delete rig.before.refresh;
  const manifest = await brought(rig, backupRefresh);
  // What it left half rewritten is compared; nothing else has to be.
  expect(rig.refreshed.every(({ result }) => result.foundBy === "compare")).toBe(true);
  expect(rig.listing.snapshots()).toEqual(momentsIn(manifest));
});

test("without the snapshot of the last refresh all is read where it lies, and it is said", async () => {
  await using rig = await listingWorld();
  const first = await brought(rig, baseline);
  await rig.change();
  await brought(rig, backupRefresh);
  for (const name of rig.listing.snapshots()) {
    const storage = await rig.listing.storages.open("primary", { deadlineMs: 1 });
    await storage.deleteSnapshot({ name } as never, { deadlineMs: 1 });
  }
  await rig.change();
  const manifest = await brought(rig, backupRefresh);
  expect(rig.refreshed).toHaveLength(first.datafiles.length);
  expect(rig.refreshed.map(({ request }) => request.changes.by)).not.toContain("list");
  expect(manifest.notes.join("\n")).toContain("no changes were listed, all was read");
  expect(momentsIn(manifest)).not.toEqual([]);
});

test("a storage that cannot take a snapshot costs time, and no refresh", async () => {
  await using rig = await listingWorld((storage) => ({
    ...storage,
    createSnapshot: ({ volume }) =>
      Promise.reject(new UmbraError("UMB-6304", { storage: storage.name, what: volume, said: "full" })),
  }));
  const first = await brought(rig, baseline);
  await rig.change();
  const manifest = await brought(rig, backupRefresh);
  expect(momentsIn(first)).toEqual([]);
  expect(manifest.notes.join("\n")).toContain("no snapshot of the datafiles was taken");
  expect(rig.refreshed.every(({ result }) => result.foundBy === "compare")).toBe(true);
});

test("datafiles on no storage that lists changes are found by hashes, and the plan says it", async () => {
  await using rig = await listingWorld((storage) => {
    const { changedBlocks: _, ...core } = storage;
    return core;
  });
  await brought(rig, baseline);
  const planned = await planRefreshRun(rig.world);
  expect(planned.ok && planned.warnings.map(({ seen }) => seen)).toContainEqual(
    expect.stringContaining("storage primary does not list changes"),
  );
  expect(rig.listing.snapshots()).toEqual([]);
});

test("reconcile keeps what the manifest names; a refresh that wants no lists removes it", async () => {
  await using rig = await listingWorld();
  const first = await brought(rig, baseline);
  const { database } = rig.world;
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject({ ok: true });
  expect(rig.listing.snapshots()).toEqual(momentsIn(first));
  const world = {
    ...rig.world,
    database: { ...database, refresh: { ...database.refresh, find: "hashes" as const } },
  };
  const made = await backupRefresh(world);
  expect(made.ok).toBe(true);
  expect(rig.listing.snapshots()).toEqual([]);
});

test("a plan names the snapshots of the database's storage before they are taken", async () => {
  await using rig = await listingWorld();
  await brought(rig, baseline);
  const planned = await planRefreshRun(rig.world);
  const titles = planned.ok ? describePlan(planned.plan).map(({ title }) => title) : [];
  const copies = titles.filter((title) => title.startsWith("bring the copy of"));
  expect(copies.length).toBeGreaterThan(0);
  for (const title of copies)
    expect(title).toMatch(/by the list of its storage.*, after snapshot umbra-changes-\S+\.\d+ of prod$/);
});
