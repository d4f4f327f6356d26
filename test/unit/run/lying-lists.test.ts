import { expect, test } from "vitest";

import type { ChangedBlocksFacet, FileChange, StorageAdapter } from "../../../storage-adapters/contract.ts";
import { backupRefresh, baseline } from "../../../src/run/backup-refresh.ts";
import { brought, listingWorld, momentsIn, type ListingWorld } from "../../rigs/listing-world.ts";

/** A storage whose lists are not what they should be, while `lies` is true. */
function lying(how: (change: FileChange) => FileChange): {
  lies: boolean;
  readonly change: (storage: StorageAdapter) => StorageAdapter;
} {
  const state = {
    lies: true,
    change: (storage: StorageAdapter) => {
      const honest = storage.changedBlocks;
      if (honest === undefined) throw new Error("it lists nothing");
      const between: ChangedBlocksFacet["between"] = async (request, limits) => {
        const told = await honest.between(request, limits);
        return state.lies ? told.map((one) => one && how(one)) : told;
      };
      return { ...storage, changedBlocks: { between } };
    },
  };
  return state;
}

const nothing = (change: FileChange): FileChange => ({ ...change, extents: [] });
const BLOCK = 8192;

function warningsOf({ events }: ListingWorld): string {
  return events.flatMap((one) => (one.kind === "warning" ? [one.warning.seen] : [])).join("\n");
}

function copiesAreTrue({ refreshed }: ListingWorld): readonly boolean[] {
  return refreshed.map(({ isTrue }) => isTrue);
}

test("a list that lacks a changed block is told by the copy that is compared in its turn, and begins nowhere then", async () => {
  const storage = lying(nothing);
  await using rig = await listingWorld(storage.change);
  await brought(rig, baseline);
  let manifest;
  for (let round = 0; round < 8 && !warningsOf(rig).includes("had not listed"); round += 1) {
    await rig.change();
    manifest = await brought(rig, backupRefresh);
  }
  if (manifest === undefined) throw new Error("there was no refresh");
  expect(warningsOf(rig)).toMatch(/datafile \d+: \d+ blocks? differed that its storage had not listed/);
  expect(manifest.notes.join("\n")).toContain("had not listed");
  expect([momentsIn(manifest), rig.listing.snapshots()]).toEqual([[], []]);
  // Nothing is brought forward by a list now, and so everything is made good.
  await brought(rig, backupRefresh);
  expect(rig.refreshed.map(({ request }) => request.changes.by)).not.toContain("list");
  expect(copiesAreTrue(rig)).not.toContain(false);
});

test("a listed block that is other than the copy's and not newer shows what an earlier list lacked", async () => {
  const storage = lying(nothing);
  await using rig = await listingWorld(storage.change);
  await brought(rig, baseline);
  await rig.change();
  await brought(rig, backupRefresh);
  storage.lies = false;
  const whole = lying((change) => ({ ...change, extents: [{ offset: 0, length: change.bytes }] }));
  const { storages } = rig.listing;
  const world = {
    ...rig.world,
    storages: {
      ...storages,
      open: async () => whole.change(await storages.open("primary", { deadlineMs: 1 })),
    },
  };
  await brought({ ...rig, world }, backupRefresh);
  expect(warningsOf(rig)).toContain("differed and had not changed since the last refresh");
  expect(rig.refreshed.filter(({ result }) => result.doubt?.why === "older").length).toBeGreaterThan(0);
  expect(copiesAreTrue(rig)).not.toContain(false);
});

test("listed blocks of which none changed show a list of something else", async () => {
  // Every other block, whatever became of it.
  const elsewhere = lying((change) => ({
    ...change,
    extents: Array.from({ length: Math.floor(change.bytes / BLOCK / 2) - 2 }, (_, at) => {
      return { offset: (2 * at + 4) * BLOCK, length: BLOCK };
    }),
  }));
  await using rig = await listingWorld(elsewhere.change);
  await brought(rig, baseline);
  await brought(rig, backupRefresh);
  expect(warningsOf(rig)).toContain("in which nothing had changed");
  expect(rig.refreshed.filter(({ result }) => result.doubt?.why === "nothing-new").length).toBeGreaterThan(0);
  expect(copiesAreTrue(rig)).not.toContain(false);
});
