import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { createWorkload } from "../../simulator/workload/workload.ts";
import type { StorageAdapter } from "../../storage-adapters/contract.ts";
import type { RefreshedManifest } from "../../src/domain/manifest.ts";
import type { RefreshRequest, RefreshResult } from "../../src/ports/copier.ts";
import type { baseline } from "../../src/run/backup-refresh.ts";
import type { World } from "../../src/run/world.ts";
import { listingStorage, type ListingStorage } from "./listing-storage.ts";
import { manifestOf } from "./restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "./simulated-world.ts";

interface Refreshed {
  readonly request: RefreshRequest;
  readonly result: RefreshResult;
  /** The copy was what it was read from, but for the header, which END BACKUP writes. */
  readonly isTrue: boolean;
}

export interface ListingWorld extends SimulatedWorld {
  readonly listing: ListingStorage;
  /** Of each refresh of a copy, in order. */
  readonly refreshed: Refreshed[];
  /** May fail it. */
  readonly before: { refresh?: (request: RefreshRequest) => void };
  /** Rows change in a file. */
  change(): Promise<void>;
}

/** A database on a storage that lists changes, refreshed by its lists. */
export async function listingWorld(
  change?: (storage: StorageAdapter) => StorageAdapter,
): Promise<ListingWorld> {
  const refreshed: ListingWorld["refreshed"] = [];
  const before: ListingWorld["before"] = {};
  const made: ListingStorage[] = [];
  const rig = await simulatedWorld({
    database: { totalBytes: 3_000_000 },
    config: { refresh: { find: "list" } },
    change: (world) => {
      const directory = dirname(dirname(world.state.path));
      const listing = listingStorage(join(directory, "prod"), join(directory, "snapshots"), change);
      made.push(listing);
      return { ...world, storages: listing.storages, databaseHost: watched(world, refreshed, before) };
    },
  });
  const [listing] = made;
  if (listing === undefined) throw new Error("no storage");
  const { instance } = rig;
  const workload = await createWorkload({ instance, seed: 7, tables: 1, initialRows: 20 });
  return {
    ...rig,
    listing,
    refreshed,
    before,
    change: async () => {
      for (let i = 0; i < 20; i += 1) await workload.step();
      await workload.settle();
    },
  };
}

function watched(
  { databaseHost: host }: World,
  refreshed: ListingWorld["refreshed"],
  before: ListingWorld["before"],
) {
  return {
    ...host,
    refresh: async (request: RefreshRequest) => {
      before.refresh?.(request);
      const result = await host.refresh?.(request);
      if (result === undefined) throw new Error("no engine");
      const blocks = (path: string) => readFileSync(path).subarray(2 * request.blockSize);
      const isTrue = blocks(request.target).equals(blocks(request.source));
      refreshed.push({ request, result, isTrue });
      return result;
    },
  };
}

/** One run, and the manifest that it left. */
export async function brought(rig: ListingWorld, kind: typeof baseline): Promise<RefreshedManifest> {
  rig.refreshed.length = 0;
  const made = await kind(rig.world);
  if (!made.ok) throw new Error(made.refusals.map(({ seen }) => seen).join("; "));
  const manifest = manifestOf(join(rig.world.database.backupArea, "live"));
  if (manifest.kind !== "refreshed") throw new Error(manifest.kind);
  return manifest;
}

/** The snapshots that a manifest names. */
export function momentsIn(manifest: RefreshedManifest): readonly string[] {
  return [
    ...new Set(manifest.datafiles.flatMap(({ changesFrom }) => changesFrom?.snapshot ?? [])),
  ].toSorted();
}
