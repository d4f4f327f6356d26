import type { Tombstone } from "../domain/retention.ts";
import type { HostOptions } from "../ports/host.ts";
import { tombstonePath, writeTombstone } from "./tombstone-file.ts";
import type { World } from "./world.ts";

type Marking = Pick<World, "backupHost" | "database" | "signal">;

/** Tells people in the directory itself. A snapshot cannot be written into: the state alone knows of it. */
export async function mark(world: Marking, tombstone: Tombstone): Promise<void> {
  const { backupHost } = world;
  const { directory, snapshot } = tombstone.entry;
  if (snapshot !== undefined) return;
  const options = optionsOf(world);
  // Where nothing is, nothing is made: the removal finds it gone.
  if ((await backupHost.stat(directory, options)) === undefined) return;
  if ((await backupHost.stat(tombstonePath(directory), options)) !== undefined) return;
  await writeTombstone(backupHost, tombstone, options);
}

export async function unmark(world: Marking, { entry }: Tombstone): Promise<void> {
  if (entry.snapshot !== undefined) return;
  await world.backupHost.remove(tombstonePath(entry.directory), optionsOf(world));
}

function optionsOf({ database, signal }: Marking): HostOptions {
  return { deadlineMs: database.deadlines.statementMs, signal };
}
