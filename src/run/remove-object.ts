import type { Tombstone } from "../domain/retention.ts";
import { removeBackup } from "./remove-backup.ts";
import { removeSnapshot } from "./remove-snapshot.ts";
import type { World } from "./world.ts";

/** Removes what was claimed, whichever kind it is of. `left`: what lies there still because it is not umbra's. */
export async function removeObject(
  world: World,
  tombstone: Tombstone,
): Promise<{ readonly left: readonly string[] }> {
  if (tombstone.entry.snapshot === undefined) return await removeBackup(world, tombstone);
  await removeSnapshot(world, tombstone.entry);
  return { left: [] };
}
