import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { RunId } from "../../../src/domain/names.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { areaLayout } from "../../../src/plan/area-layout.ts";
import type { BackupOutcome } from "../../../src/run/backup-hot.ts";
import { backupRefresh } from "../../../src/run/backup-refresh.ts";
import { rebuildCatalog } from "../../../src/run/rebuild-catalog.ts";
import { removeSnapshot } from "../../../src/run/remove-snapshot.ts";
import { applyRetention } from "../../../src/run/retention-apply.ts";
import { planRetentionOf } from "../../../src/run/retention-plan.ts";
import { createSnapshot, planSnapshot } from "../../../src/run/snapshot-create.ts";
import { deleteSnapshot } from "../../../src/run/snapshot-delete.ts";
import { listSnapshots } from "../../../src/run/snapshot-list.ts";
import { DAY, RETENTION } from "../../rigs/kept-backups.ts";
import { keptWorld } from "./kept-world.ts";

describe("a snapshot of the live area", () => {
  test("has a name with UTC and its run, and its manifest was read in it", async () => {
    await using rig = await keptWorld();
    const entry = await rig.take();
    expect(entry.id).toMatch(/^umbra-\d{8}T\d{6}Z-snapshot-[0-9a-f]{6}$/);
    expect(entry).toMatchObject({ kind: "refreshed", snapshot: { storage: "test", name: entry.id } });
    expect(readdirSync(rig.snapshots)).toEqual([entry.id]);
    const { listed, lost } = await listSnapshots(rig.world);
    expect([listed.map(({ snapshot }) => snapshot.name), lost]).toEqual([[entry.id], []]);
    await rig.world.state.catalog.remove(entry.id);
    await rebuildCatalog(rig.world);
    expect(await rig.world.state.catalog.get(entry.id)).toMatchObject({ snapshot: entry.snapshot });
  });

  test("is not taken of copies that are half rewritten, nor while a backup is made", async () => {
    await using rig = await keptWorld();
    const { world } = rig;
    using lock = world.state.locks.take(world.database.name, "other" as RunId, world.clock.now());
    await expect(createSnapshot(world)).rejects.toMatchObject({ code: "UMB-8001" });
    lock[Symbol.dispose]();
    const { manifest: path } = areaLayout(world.database.backupArea);
    const manifest = JSON.parse(readFileSync(path, "utf8")) as object;
    const dirty = [{ file: 1, creationScn: "1", run: "r", since: "2026-11-21T09:00:00.000Z" }];
    writeFileSync(path, JSON.stringify({ ...manifest, dirty }));
    for (const asked of [planSnapshot(world), createSnapshot(world)]) {
      expect(await asked).toMatchObject({ ok: false, refusals: [{ code: "UMB-3166", rule: 70 }] });
    }
    expect(readdirSync(rig.snapshots)).toEqual([]);
  });

  test("is not taken where it is a full copy and there is no room for one", async () => {
    await using rig = await keptWorld();
    const { world } = rig;
    const { snapshots, backupHost } = world;
    if (snapshots === undefined) throw new Error("nothing takes snapshots");
    const full = { ...backupHost, freeBytes: () => Promise.resolve(1_000_000) };
    const here = (isInstant: boolean) => {
      const costing = { ...snapshots, areInstant: () => Promise.resolve(isInstant) };
      return { ...world, backupHost: full, snapshots: costing };
    };
    for (const asked of [planSnapshot(here(false)), createSnapshot(here(false))]) {
      expect(await asked).toMatchObject({ ok: false, refusals: [{ code: "UMB-3115" }] });
    }
    expect(readdirSync(rig.snapshots)).toEqual([]);
    expect(await createSnapshot(here(true))).toMatchObject({ ok: true });
  });

  test("that is not the area as it is does not come into the catalog", async () => {
    await using rig = await keptWorld({
      storage: (storage) => ({
        ...storage,
        showSnapshot: async (request, limits) => {
          const view = await storage.showSnapshot(request, limits);
          const path = join(view.root, "..", "..", "..");
          return { root: path as typeof view.root };
        },
      }),
    });
    await expect(createSnapshot(rig.world)).rejects.toMatchObject({ code: "UMB-9005" });
    expect((await rig.world.state.catalog.list()).map(({ snapshot }) => snapshot)).toEqual([undefined]);
  });
});

describe("a snapshot that whoever took it never noted", () => {
  test("comes into the catalog with the next retention, and goes when its time has come", async () => {
    const policy = { ...RETENTION.policy, keep: { daily: 1 } };
    await using rig = await keptWorld({ retention: { ...RETENTION, policy, graceMs: 0 } });
    const { world } = rig;
    const [stray, young] = [await rig.take(), await rig.take()];
    await world.state.catalog.remove(stray.id);
    const planned = await planRetentionOf(world);
    expect(planned.ok && planned.report.lines.map(({ object }) => object.id)).toEqual([young.id]);
    expect(await applyRetention(world, { byPolicy: true })).toMatchObject({
      applied: { removed: [stray.id] },
    });
    expect(readdirSync(rig.snapshots)).toEqual([young.id]);
    expect(await applyRetention(world, { byPolicy: true })).toMatchObject({ applied: { removed: [] } });
    const known = (await world.state.catalog.list()).map(({ id }) => id);
    expect(known.toSorted()).toEqual(["TEST:live", young.id]);
  });

  test("and whose manifest cannot be read is told, and never removed", async () => {
    const policy = { ...RETENTION.policy, keep: { daily: 1 } };
    await using rig = await keptWorld({ retention: { ...RETENTION, policy, graceMs: 0 } });
    const { world, events } = rig;
    const [stray, young] = [await rig.take(), await rig.take()];
    await world.state.catalog.remove(stray.id);
    writeFileSync(join(stray.directory, "manifest.json"), "{");
    expect(await applyRetention(world, { byPolicy: true })).toMatchObject({
      applied: { removed: [], problems: [] },
    });
    const warned = events.flatMap((event) => (event.kind === "warning" ? [event.warning.seen] : []));
    expect(warned.filter((seen) => seen.includes(stray.id))).toHaveLength(1);
    expect(readdirSync(rig.snapshots)).toEqual([stray.id, young.id]);
  });

  test("is left to the umbra that took it, and where its removal has begun", async () => {
    await using rig = await keptWorld();
    const { world } = rig;
    const [first, second] = [await rig.take(), await rig.take(), await rig.take()];
    await world.state.catalog.remove(first.id);
    const { storages } = world;
    if (storages === undefined) throw new Error("no storages");
    await applyRetention({ ...world, storages: { ...storages, agent: "another" } });
    expect(await world.state.catalog.get(first.id)).toBeUndefined();
    expect(await deleteSnapshot(world, second)).toMatchObject({ ok: true });
    world.state.tombstones.claim(second.id, world.clock.now());
    const busy = {
      ...storages,
      open: () => Promise.reject(new UmbraError("UMB-6310", { storage: "s", seen: "x" })),
    };
    await applyRetention({ ...world, storages: busy });
    expect(await world.state.catalog.get(first.id)).toMatchObject({ snapshot: { name: first.id } });
    expect(await world.state.catalog.get(second.id)).toBeUndefined();
  });
});

describe("a snapshot that somebody deletes", () => {
  test("goes after the time of grace, by a retention without any policy, which takes nothing else", async () => {
    await using rig = await keptWorld();
    const [first, second, third] = [await rig.take(), await rig.take(), await rig.take()];
    expect(await deleteSnapshot(rig.world, first)).toMatchObject({ ok: true, removed: false });
    expect(readdirSync(rig.snapshots)).toHaveLength(3);
    rig.later(2 * DAY);
    expect(await applyRetention(rig.world)).toMatchObject({ ok: true, applied: { removed: [first.id] } });
    expect(readdirSync(rig.snapshots).toSorted()).toEqual([second.id, third.id].toSorted());
    expect(await rig.world.state.catalog.get(first.id)).toBeUndefined();
  });

  test("stays deleted although the policy would keep it, and comes back when the last good one is damaged", async () => {
    const policy = { ...RETENTION.policy, keep: { daily: 9, hourly: 9 } };
    await using rig = await keptWorld({ retention: { ...RETENTION, policy } });
    const { world } = rig;
    const [first, second] = [await rig.take(), await rig.take()];
    await deleteSnapshot(world, first);
    expect(await applyRetention(world, { byPolicy: true })).toMatchObject({ applied: { takenBack: [] } });
    await world.state.catalog.verified(second.id, world.clock.now(), "damaged");
    rig.later(2 * DAY);
    expect(await applyRetention(world, { byPolicy: true })).toMatchObject({
      applied: { takenBack: [{ object: first.id, why: "it is the last one that is good" }], removed: [] },
    });
  });

  test("is refused where it is the last good or proven one, held, used, or kept by a clone", async () => {
    const keptBy: string[] = [];
    await using rig = await keptWorld({
      storage: (storage) => ({
        ...storage,
        listSnapshots: async (volume, limits) =>
          (await storage.listSnapshots(volume, limits)).map((one) => ({ ...one, heldBy: keptBy })),
      }),
    });
    const { world } = rig;
    const { state, database } = world;
    const only = await rig.take();
    expect(await deleteSnapshot(world, only, { now: true })).toMatchObject({
      refusals: [{ code: "UMB-3164", seen: expect.stringContaining("the last one that is good") }],
    });
    const other = await rig.take();
    await state.proofs.add({
      database: database.name,
      object: other.id,
      run: "p" as RunId,
      at: world.clock.now(),
    });
    expect(await deleteSnapshot(world, other, { planOnly: true })).toMatchObject({
      refusals: [{ code: "UMB-3164", seen: expect.stringContaining("has proven") }],
    });
    keptBy.push("clone tank/test1");
    expect(await deleteSnapshot(world, only)).toMatchObject({
      refusals: [{ code: "UMB-3163", seen: expect.stringContaining("clone tank/test1") }],
    });
    expect(readdirSync(rig.snapshots)).toHaveLength(2);
  });

  test("is left alone where its tag is not ours", async () => {
    await using rig = await keptWorld();
    const [first] = [await rig.take(), await rig.take()];
    const foreign = { ...rig.world, storages: { ...rig.world.storages, agent: "a2" } } as typeof rig.world;
    expect(await deleteSnapshot(foreign, first, { now: true })).toMatchObject({
      refusals: [{ code: "UMB-3163", seen: expect.stringContaining("belongs to the umbra of a1") }],
    });
    await expect(removeSnapshot(foreign, first)).rejects.toMatchObject({ code: "UMB-6303" });
    expect(readdirSync(rig.snapshots)).toHaveLength(2);
    expect(await rig.world.state.catalog.get(first.id)).toBeDefined();
  });
});

describe("retention over snapshots", () => {
  const everything = { daily: 1 };
  /** Those of the retention at its end. */
  const warningsOf = (refreshed: BackupOutcome) =>
    refreshed.ok
      ? refreshed.warnings.map(({ seen }) => seen).filter((seen) => seen.includes("retention"))
      : undefined;

  test("at the end of a refresh: the newest of the day stays, coverage has no new hole", async () => {
    const policy = { ...RETENTION.policy, keep: everything };
    await using rig = await keptWorld({
      retention: { ...RETENTION, policy, graceMs: 0, afterRefresh: true },
    });
    await rig.take();
    const kept = await rig.take();
    const refreshed = await backupRefresh(rig.world);
    expect(warningsOf(refreshed)).toEqual([]);
    expect(readdirSync(rig.snapshots)).toEqual([kept.id]);
  });

  test("that cannot remove says so, and the refresh is good all the same", async () => {
    const policy = { ...RETENTION.policy, keep: everything };
    await using rig = await keptWorld({
      retention: { ...RETENTION, policy, graceMs: 0, afterRefresh: true },
      storage: (storage) => ({
        ...storage,
        deleteSnapshot: () => Promise.reject(new Error("the array is busy")),
      }),
    });
    const gone = await rig.take();
    await rig.take();
    const refreshed = await backupRefresh(rig.world);
    expect(warningsOf(refreshed)).toEqual([`retention: ${gone.id}: the array is busy`]);
    const told = rig.events.filter((event) => event.kind === "warning").map(({ warning }) => warning.seen);
    expect(told).toContain(`retention: ${gone.id}: the array is busy`);
    const planned = await planRetentionOf(rig.world);
    expect(planned).toMatchObject({ report: { removing: [{ object: gone.id }] } });
  });

  test("without an answer of the storage every snapshot stays", async () => {
    let isDown = false;
    await using rig = await keptWorld({
      retention: { ...RETENTION, policy: { ...RETENTION.policy, keep: everything } },
      storage: (storage) => ({
        ...storage,
        listSnapshots: async (volume, limits) => {
          if (isDown) await storage.findSnapshot({ volume, name: "../x" as never }, limits);
          return await storage.listSnapshots(volume, limits);
        },
      }),
    });
    for (let round = 0; round < 3; round += 1) await rig.take();
    isDown = true;
    const planned = await planRetentionOf(rig.world);
    expect(planned.ok && planned.report.lines.map(({ stays }) => stays)).toEqual([true, true, true]);
  });
});
