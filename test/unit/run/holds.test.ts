import { describe, expect, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import type { SnapshotName, VolumeId } from "../../../src/domain/snapshot.ts";
import { addHold, releaseExpiredHolds, releaseHold } from "../../../src/run/holds.ts";
import { applyRetention } from "../../../src/run/retention-apply.ts";
import type { Storages } from "../../../src/run/storages.ts";
import type { Hold, StorageAdapter } from "../../../storage-adapters/contract.ts";
import { DAY, keptBackups, type KeptBackups, RETENTION } from "../../rigs/kept-backups.ts";

const day = (number: number) => instant(Date.UTC(2026, 9, number, 12));
const NAME = "umbra-20261001T120000Z-20261001T120000Z-refresh-aa" as SnapshotName;

/** A storage with one snapshot, of our own unless told, whose holds are noted. */
function oneSnapshot(agent = "a1") {
  const held = new Map<string, Hold>();
  const there = { snapshot: true };
  const tag = { agent, database: "TEST", run: "20261001T120000Z-refresh-aa" };
  const adapter = {
    name: "nas",
    findSnapshot: () => Promise.resolve(there.snapshot ? { tag, name: NAME, heldBy: [] } : undefined),
    hold: {
      add: ({ id, reason }: Hold) => Promise.resolve(void held.set(id, { id, reason })),
      release: ({ id }: Hold) => Promise.resolve(void held.delete(id)),
      list: () => Promise.resolve([...held.values()]),
    },
  } as unknown as StorageAdapter;
  const storages: Storages = { agent: "a1", open: () => Promise.resolve(adapter), primary: [] };
  return { storages, held, there };
}

async function withSnapshot(rig: KeptBackups, storages: Storages) {
  const entry = await rig.make({ at: day(1), from: 10, to: 20 });
  const snapshot = { storage: "nas", volume: "/v" as VolumeId, name: NAME };
  await rig.world.state.catalog.add({ ...entry, id: NAME, snapshot });
  return { ...rig.world, storages };
}

describe("a hold", () => {
  test("keeps a backup from retention until it is released", async () => {
    using rig = keptBackups({
      ...RETENTION,
      graceMs: 0,
      policy: { ...RETENTION.policy, keep: { daily: 1 } },
    });
    const old = await rig.make({ at: day(1), from: 10, to: 20 });
    await rig.make({ at: day(2), from: 30, to: 40 });
    const added = await addHold(rig.world, { object: old.id, reason: "audit", owner: "ann" });
    expect(added).toMatchObject({ ok: true, onStorage: false, hold: { object: old.id } });
    const before = await applyRetention(rig.world, { byPolicy: true });
    expect(before).toMatchObject({ ok: true, applied: { marked: [], removed: [] } });
    if (added.ok) await releaseHold(rig.world, added.hold.id);
    const after = await applyRetention(rig.world, { byPolicy: true });
    expect(after).toMatchObject({ ok: true, applied: { removed: [old.id] } });
  });

  test("is on the storage too, and let go there first", async () => {
    using rig = keptBackups();
    const { storages, held } = oneSnapshot();
    const world = await withSnapshot(rig, storages);
    const added = await addHold(world, { object: NAME, reason: "audit", owner: "ann" });
    if (!added.ok) throw new Error(added.refusals[0]?.seen);
    const { id } = added.hold;
    expect(added.onStorage).toBe(true);
    expect([...held.values()]).toEqual([{ id, reason: "ann: audit" }]);
    expect(id).toMatch(/^[a-z0-9._-]{1,64}$/);
    await releaseHold(world, id);
    expect([held.size, world.state.holds.list()]).toEqual([0, []]);
    expect(await releaseHold(world, id)).toBeUndefined();
  });

  test("on a snapshot of another installation is refused by its tag, and stays in the state", async () => {
    using rig = keptBackups();
    const world = await withSnapshot(rig, oneSnapshot("other").storages);
    const adding = addHold(world, { object: NAME, reason: "audit", owner: "ann" });
    await expect(adding).rejects.toMatchObject({ code: "UMB-6303" });
    expect(world.state.holds.list()).toHaveLength(1);
  });

  test("on a snapshot that is gone can be released, and none can be added", async () => {
    using rig = keptBackups();
    const { storages, there } = oneSnapshot();
    const world = await withSnapshot(rig, storages);
    const request = { object: NAME, reason: "audit", owner: "ann" };
    const added = await addHold(world, request);
    if (!added.ok) throw new Error(added.refusals[0]?.seen);
    there.snapshot = false;
    expect(await releaseHold(world, added.hold.id)).toMatchObject({ object: NAME });
    expect(world.state.holds.list()).toEqual([]);
    await expect(addHold(world, request)).rejects.toMatchObject({ code: "UMB-6306" });
  });

  test("that has expired keeps nothing, and the next retention takes it off the storage", async () => {
    using rig = keptBackups();
    const { storages, held } = oneSnapshot();
    const world = await withSnapshot(rig, storages);
    const expiresAt = instant(rig.clock.now + DAY);
    await addHold(world, { object: NAME, reason: "audit", owner: "ann", expiresAt });
    expect([await releaseExpiredHolds(world), held.size]).toEqual([[], 1]);
    rig.clock.now = expiresAt;
    expect([await releaseExpiredHolds(world), held.size]).toEqual([[], 0]);
  });

  test("of the live area, or of nothing, is refused", async () => {
    using rig = keptBackups();
    for (const object of ["TEST:live", "nothing"]) {
      expect(await addHold(rig.world, { object, reason: "r", owner: "ann" })).toMatchObject({
        ok: false,
        refusals: [{ code: "UMB-3165" }],
      });
    }
  });
});
