import type { SnapshotPlace } from "../domain/journal.ts";
import type { Manifest } from "../domain/manifest.ts";
import type { FilePath, RunId } from "../domain/names.ts";
import type { Tombstone } from "../domain/retention.ts";
import type { SnapshotName, VolumeId } from "../domain/snapshot.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { below, layoutBelow, MARKER_NAME } from "../plan/backup-layout.ts";
import type { Host, HostOptions } from "../ports/host.ts";
import { sha256 } from "./catalog-entry.ts";
import { readManifest } from "./read-manifest.ts";
import { dropSnapshot } from "./remove-snapshot.ts";
import { singleFiles } from "./single-files.ts";
import {
  notedInTombstone,
  TOMBSTONE_NAME,
  tombstonePath,
  type ToRemove,
  writeTombstone,
} from "./tombstone-file.ts";
import type { World } from "./world.ts";

type Removing = Pick<World, "backupHost" | "database" | "signal" | "state" | "storages">;

/**
 * Removes a backup's directory: exactly the files that its manifest lists, and the snapshots in which its datafiles are;
 * the folders that are empty then, the marker last. Everything else stays and is named. May be called again whenever it
 * died: until the marker goes, what is to be removed stands in the directory's tombstone, and no manifest calls the rest
 * a backup. Errors: UMB-6401 where the directory is not proved to be this backup's, and nothing was removed.
 */
export async function removeBackup(
  world: Removing,
  tombstone: Tombstone,
): Promise<{ readonly left: readonly string[] }> {
  const { backupHost: host, database, signal, state } = world;
  const options: HostOptions = { deadlineMs: database.deadlines.copyStallMs, signal };
  const { directory } = tombstone.entry;
  const names = await host.list(directory, options);
  const left = names === undefined ? [] : await removeDirectory(world, tombstone, names, options);
  await state.catalog.remove(tombstone.object);
  if (names === undefined || left.length > 0) return { left };
  // An empty directory proves itself by its name.
  for (const path of [tombstonePath(directory), layoutBelow(directory).marker, directory]) {
    await host.remove(path, options);
  }
  return { left: (await host.stat(directory, options)) === undefined ? [] : [directory] };
}

async function removeDirectory(
  world: Removing,
  tombstone: Tombstone,
  names: readonly string[],
  options: HostOptions,
): Promise<readonly string[]> {
  const { backupHost: host, state } = world;
  const { directory } = tombstone.entry;
  const { files, snapshots } = await whatToRemove(world, tombstone, names, options);
  await host.remove(layoutBelow(directory).manifest, options);
  await state.catalog.remove(tombstone.object);
  for (const snapshot of snapshots) await dropSnapshot(world, snapshot, tombstone.object as RunId);
  for (const file of files) await host.remove(below(directory, file), options);
  for (const folder of foldersOf(files)) await removeEmpty(host, below(directory, folder), options);
  return await leftIn(host, directory, options);
}

/** Proves whose the directory is, and notes durably what is to go before anything does. */
async function whatToRemove(
  world: Pick<World, "backupHost" | "database">,
  tombstone: Tombstone,
  names: readonly string[],
  options: HostOptions,
): Promise<ToRemove> {
  const { backupHost: host } = world;
  const { directory } = tombstone.entry;
  const nothing = { files: [], snapshots: [] };
  if (!directory.endsWith(`/${tombstone.object}`)) throw notOurs(tombstone, "it has another name");
  const own = names.filter((name) => !isPart(name));
  if (own.length === 0) return nothing;
  await proveMarker(host, tombstone, options);
  const read = await readManifest(world, layoutBelow(directory).manifest);
  if (read === undefined) {
    const noted = (await notedInTombstone(host, tombstone, options)) ?? nothing;
    // Only the marker is left of it, or what is not umbra's beside the marker.
    return { ...noted, files: noted.files.filter(isInside) };
  }
  if (!read.ok) throw notOurs(tombstone, `its manifest: ${read.problem}`);
  if (sha256(read.text) !== tombstone.entry.manifestSha256) {
    throw notOurs(tombstone, "its manifest is not the one that the catalog knows");
  }
  const files = listedFiles(read.manifest);
  const outside = files.find((file) => !isInside(file));
  if (outside !== undefined) throw notOurs(tombstone, `its manifest lists ${outside}`);
  const toRemove = { files, snapshots: snapshotsOf(read.manifest) };
  await writeTombstone(host, tombstone, options, toRemove);
  return toRemove;
}

/** The run's id, in a file that the run wrote before all others (decision 8). */
async function proveMarker(host: Host, tombstone: Tombstone, options: HostOptions): Promise<void> {
  const { marker } = layoutBelow(tombstone.entry.directory);
  const wanted = `${tombstone.object}\n`;
  if ((await host.stat(marker, options)) === undefined)
    throw notOurs(tombstone, `${MARKER_NAME} is not there`);
  const found = await host.read(marker, { offset: 0, length: wanted.length + 1 }, options);
  if (found.toString("utf8") !== wanted) throw notOurs(tombstone, `${MARKER_NAME} names another run`);
}

function notOurs({ object, entry }: Tombstone, seen: string): UmbraError {
  return new UmbraError("UMB-6401", { object, directory: entry.directory, seen });
}

/** Below the backup's directory. The copies that a cold backup keeps in others are not among them. */
function listedFiles(manifest: Manifest): readonly string[] {
  const redo = manifest.kind === "cold" ? manifest.onlineRedo : [];
  const copies = manifest.kind === "snapshot" ? [] : manifest.datafiles;
  const all = [...copies, ...manifest.logs, ...redo, ...singleFiles(manifest)];
  return all.map(({ name }) => name);
}

function snapshotsOf(manifest: Manifest): readonly SnapshotPlace[] {
  if (manifest.kind !== "snapshot") return [];
  return manifest.snapshots.map(({ storage, volume, name }) => {
    return { storage, volume: volume as VolumeId, name: name as SnapshotName };
  });
}

/** One name, or one in one folder: what a run writes, and nothing that leads elsewhere. */
function isInside(name: string): boolean {
  const parts = name.split("/");
  return (
    parts.length <= 2 &&
    parts.every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\0"))
  );
}

function foldersOf(files: readonly string[]): readonly string[] {
  const used = files.flatMap((file) => (file.includes("/") ? [file.slice(0, file.indexOf("/"))] : []));
  return [...new Set([...used, "data", "logs", "control", "parameters", "redo"])];
}

async function removeEmpty(host: Host, folder: FilePath, options: HostOptions): Promise<void> {
  if ((await host.list(folder, options))?.length === 0) await host.remove(folder, options);
}

async function leftIn(host: Host, directory: FilePath, options: HostOptions): Promise<readonly string[]> {
  const left: string[] = [];
  for (const name of (await host.list(directory, options)) ?? []) {
    if (name === MARKER_NAME || name === TOMBSTONE_NAME) continue;
    if (isPart(name)) await host.remove(below(directory, name), options);
    else left.push(below(directory, name));
  }
  return left;
}

/** Temporary names of atomic writes. */
function isPart(name: string): boolean {
  return name.startsWith(".") && (name.endsWith(".part") || name.endsWith(".umbra-part"));
}
