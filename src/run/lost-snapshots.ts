import type { SnapshotManifest } from "../domain/manifest.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import { sameTag, type SnapshotName, type VolumeId } from "../domain/snapshot.ts";
import type { AskedSnapshot } from "../domain/snapshot-obligation.ts";
import { storagesIn } from "./snapshot-plan.ts";
import type { World } from "./world.ts";

/** The snapshots of a backup, as the storages are asked for them. */
export function askedOf({ snapshots }: SnapshotManifest): readonly AskedSnapshot[] {
  return snapshots.map(({ storage, volume, name, tag }) => ({
    storage,
    volume: volume as VolumeId,
    name: name as SnapshotName,
    tag: { agent: tag.agent, database: tag.database as DatabaseName, run: tag.run as RunId },
  }));
}

/** Those that their storage does not have any more, or has as something else. Errors: UMB-6xxx where it cannot be asked. */
export async function lostSnapshots(world: World, manifest: SnapshotManifest): Promise<readonly string[]> {
  const call = { deadlineMs: world.database.deadlines.copyStallMs, signal: world.signal };
  const lost: string[] = [];
  for (const [index, { storage, volume, name, tag }] of askedOf(manifest).entries()) {
    const found = await (await storagesIn(world).open(storage, call)).findSnapshot({ volume, name }, call);
    const isOurs = found?.tag !== undefined && sameTag(found.tag, tag);
    if (!isOurs || found.id !== manifest.snapshots[index]?.id) {
      lost.push(`snapshot ${name} of ${volume} on ${storage}`);
    }
  }
  return lost;
}
