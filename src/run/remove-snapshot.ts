import type { CatalogEntry, SnapshotPlace } from "../domain/journal.ts";
import type { RunId } from "../domain/names.ts";
import { parseSnapshotName, type OwnershipTag, type Snapshot } from "../domain/snapshot.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import type { World } from "./world.ts";

type Removing = Pick<World, "storages" | "database" | "signal">;

/** Removes a snapshot of the live area, and its row in the catalog. Errors: as `dropSnapshot`. */
export async function removeSnapshot(
  world: Removing & Pick<World, "state">,
  { id, snapshot }: CatalogEntry,
): Promise<void> {
  if (snapshot === undefined) throw new UmbraError("UMB-1001", { what: `${id} is no snapshot` });
  await dropSnapshot(world, snapshot);
  await world.state.catalog.remove(id);
}

/**
 * Deletes exactly this snapshot. Its tag is read from the storage right before, and must name this umbra, this database
 * and the run: the one that stands in the snapshot's name unless another is given. Gone already is success.
 * Errors: UMB-6303 where it is not ours, UMB-6305 where a hold or clone keeps it; nothing is changed then.
 */
export async function dropSnapshot(world: Removing, place: SnapshotPlace, run?: RunId): Promise<void> {
  const { storages, database, signal } = world;
  if (storages === undefined) throw new UmbraError("UMB-2008", { name: place.storage });
  const call: SnapshotCall = { deadlineMs: database.deadlines.copyStallMs, signal };
  const storage = await storages.open(place.storage, call);
  const ref = { volume: place.volume, name: place.name };
  const found = await storage.findSnapshot(ref, call);
  if (found === undefined) return;
  const tag = ownTag(world, place, found, run);
  await storage.hideSnapshot({ ...ref, tag }, call);
  await storage.deleteSnapshot({ ...ref, tag }, call);
  if ((await storage.findSnapshot(ref, call)) === undefined) return;
  const seen = `it was deleted and is still listed: ${ref.name}`;
  throw new UmbraError("UMB-6308", { storage: storage.name, program: "the storage", seen });
}

/** The tag that a snapshot of ours must have; UMB-6303 where it has another. */
export function ownTag(
  { storages, database }: Pick<World, "storages" | "database">,
  { storage, name }: SnapshotPlace,
  { tag }: Pick<Snapshot, "tag">,
  run: RunId | undefined = parseSnapshotName(name)?.run,
): OwnershipTag {
  const isOurs = tag?.agent === storages?.agent && tag?.database === database.name && tag.run === run;
  if (tag !== undefined && isOurs) return tag;
  const owner =
    tag === undefined ? "somebody else" : `run ${tag.run} of database ${tag.database} (agent ${tag.agent})`;
  throw new UmbraError("UMB-6303", { storage, what: `snapshot ${name}`, owner });
}
