import type { CatalogEntry } from "../domain/journal.ts";
import type { FilePath } from "../domain/names.ts";
import { keepersOf, type Snapshot, type VolumeId } from "../domain/snapshot.ts";
import { isInForce, type Tombstone } from "../domain/retention.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { areaLayout } from "../plan/area-layout.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import type { KeptHold } from "../state/holds.ts";
import type { Storages } from "./storages.ts";
import type { World } from "./world.ts";

export interface ListedSnapshot {
  readonly storage: string;
  readonly snapshot: Snapshot;
  /** What it holds, where the catalog knows it. */
  readonly entry?: CatalogEntry;
  /** Those of umbra's own state that have not expired. */
  readonly holds: readonly KeptHold[];
  /** It goes. */
  readonly tombstone?: Tombstone;
}

/**
 * The snapshots of a database's live area, oldest first, and those that the catalog knows and the storage does not.
 * Shows none of them. UMB-2008 where nothing takes snapshots of its storage; else as the storage's errors.
 */
export async function listSnapshots(
  world: World,
): Promise<{ readonly listed: readonly ListedSnapshot[]; readonly lost: readonly CatalogEntry[] }> {
  const { database, state, clock, storages, signal } = world;
  if (storages === undefined || world.snapshots === undefined) {
    throw new UmbraError("UMB-2008", { name: database.storage });
  }
  const call: SnapshotCall = { deadlineMs: database.deadlines.copyStallMs, signal };
  const { directory } = areaLayout(database.backupArea);
  const all = await snapshotsAt(storages, { name: database.storage, path: directory }, call);
  const entries = (await state.catalog.list(database.name)).filter((one) => one.snapshot !== undefined);
  const now = clock.now();
  const holds = state.holds.list(database.name).filter((hold) => isInForce(hold, now));
  const tombstones = state.tombstones.list(database.name);
  const ours = all.snapshots.filter(({ tag }) => tag?.database === database.name);
  const listed = ours.map((snapshot): ListedSnapshot => {
    const entry = entries.find(({ id }) => id === snapshot.name);
    const tombstone = tombstones.find(({ object }) => object === snapshot.name);
    return {
      storage: database.storage,
      snapshot: { ...snapshot, heldBy: keepersOf(snapshot) },
      holds: holds.filter(({ object }) => object === snapshot.name),
      ...(entry === undefined ? {} : { entry }),
      ...(tombstone === undefined ? {} : { tombstone }),
    };
  });
  const isThere = new Set<string>(ours.map(({ name }) => name));
  return { listed, lost: entries.filter(({ id }) => !isThere.has(id)) };
}

/** All snapshots of the volume on which a path lies, also those of others, oldest first. */
export async function snapshotsAt(
  storages: Storages,
  { name, path }: { readonly name: string; readonly path: FilePath },
  call: SnapshotCall,
): Promise<{ readonly volume: VolumeId; readonly snapshots: readonly Snapshot[] }> {
  const storage = await storages.open(name, call);
  const [located] = await storage.locate([path], call);
  if (located === undefined) throw new UmbraError("UMB-6302", { storage: name, path });
  const volume = located.volume.id;
  return { volume, snapshots: await storage.listSnapshots(volume, call) };
}
