import type { FilePath, RunId } from "../domain/names.ts";
import type { BackupLayout } from "../domain/plan.ts";
import { below, layoutBelow, MARKER_NAME, NOTES_NAME } from "../plan/backup-layout.ts";
import type { Host, HostOptions } from "../ports/host.ts";
import type { World } from "./world.ts";

/**
 * Removes a run's directory: files in the folders that a run makes, the folders, the marker last. Only where the name
 * and the marker carry the run's id (decision 8), and never one with a manifest. What is not umbra's stays and is named.
 */
export async function removeRunFiles(
  world: Pick<World, "backupHost" | "database">,
  directory: FilePath,
  run: RunId,
): Promise<{ readonly left: readonly string[] }> {
  const { backupHost: host } = world;
  const options: HostOptions = { deadlineMs: world.database.deadlines.statementMs };
  const layout = layoutBelow(directory);
  const names = await host.list(directory, options);
  if (names === undefined) return { left: [] };
  if (!(await isOurs(host, directory, run, names, options))) return { left: [directory] };
  for (const folder of foldersOf(layout)) {
    await removeFolder(host, folder, options);
  }
  // The notes are written right before the manifest.
  const own = names.filter((name) => isPart(name) || name === NOTES_NAME);
  for (const name of own) await host.remove(below(directory, name), options);
  const left = ((await host.list(directory, options)) ?? []).filter((name) => name !== MARKER_NAME);
  if (left.length > 0) return { left: left.map((name) => below(directory, name)) };
  await host.remove(layout.marker, options);
  await host.remove(directory, options);
  return { left: [] };
}

function foldersOf({ data, logs, control, parameters, redo }: BackupLayout): readonly FilePath[] {
  return [data, logs, control, parameters, redo];
}

/** An empty directory of that name, without a marker, is one whose run died between the two. */
async function isOurs(
  host: Host,
  directory: FilePath,
  run: RunId,
  names: readonly string[],
  options: HostOptions,
): Promise<boolean> {
  if (!directory.endsWith(`/${run}`)) return false;
  const { marker, manifest } = layoutBelow(directory);
  if ((await host.stat(manifest, options)) !== undefined) return false;
  if (names.filter((name) => !isPart(name)).length === 0) return true;
  if (!names.includes(MARKER_NAME)) return false;
  const text = await host.read(marker, { offset: 0, length: run.length + 1 }, options);
  return text.toString("utf8") === `${run}\n`;
}

async function removeFolder(host: Host, folder: FilePath, options: HostOptions): Promise<void> {
  const names = await host.list(folder, options);
  if (names === undefined) return;
  for (const name of names) {
    const path = below(folder, name);
    if ((await host.stat(path, options))?.kind !== "directory") await host.remove(path, options);
  }
  if (((await host.list(folder, options)) ?? []).length === 0) await host.remove(folder, options);
}

/** Temporary names of atomic writes and copies. */
export function isPart(name: string): boolean {
  return name.startsWith(".") && (name.endsWith(".part") || name.endsWith(".umbra-part"));
}
