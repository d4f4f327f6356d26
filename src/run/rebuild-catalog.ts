import { dirname } from "node:path";

import { counted } from "../domain/human.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { FilePath } from "../domain/names.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { areaLayout } from "../plan/area-layout.ts";
import { BACKUP_FOLDERS, below } from "../plan/backup-layout.ts";
import type { HostOptions } from "../ports/host.ts";
import { catalogEntry } from "./catalog-entry.ts";
import { readManifest } from "./read-manifest.ts";
import type { World } from "./world.ts";

export interface RebuiltCatalog {
  readonly found: readonly CatalogEntry[];
  /** Directories whose manifest cannot be used, and why. Left as they are. */
  readonly unusable: readonly { readonly path: string; readonly problem: string }[];
}

type Found = { readonly entry: CatalogEntry } | { readonly path: string; readonly problem: string };

/**
 * Makes the catalog of one database anew from the manifests in its backup area. Removes rows without a backup.
 * Throws UMB-6201 where the area is not there and should be: a storage that is not mounted must not empty the catalog.
 */
export async function rebuildCatalog(world: World): Promise<RebuiltCatalog> {
  const { database, backupHost, state, signal } = world;
  const options: HostOptions = { deadlineMs: database.deadlines.copyStallMs, signal };
  await refuseMissingArea(world, options);
  const results: Found[] = [];
  for (const folder of BACKUP_FOLDERS) {
    const area = below(database.backupArea, folder);
    const names = (await backupHost.list(area, options)) ?? [];
    for (const name of names) results.push(await readBackup(world, below(area, name)));
  }
  results.push(...(await readArea(world)), ...(await readSnapshots(world)));
  const found = results.flatMap((result) => ("entry" in result ? [result.entry] : []));
  for (const entry of found) await state.catalog.add(entry);
  const known = new Set(found.map((entry) => entry.id));
  for (const entry of await state.catalog.list(database.name)) {
    // What the storage holds is not known where none is asked.
    const isUnknown = entry.snapshot !== undefined && world.snapshots === undefined;
    if (!known.has(entry.id) && !isUnknown) await state.catalog.remove(entry.id);
  }
  return { found, unusable: results.flatMap((result) => ("problem" in result ? [result] : [])) };
}

async function refuseMissingArea(
  { database, backupHost, state }: World,
  options: HostOptions,
): Promise<void> {
  const { name, backupArea } = database;
  if ((await backupHost.stat(backupArea, options)) !== undefined) return;
  const known = await state.catalog.list(name);
  const storage = await backupHost.stat(dirname(backupArea) as FilePath, options);
  if (known.length === 0 && storage !== undefined) return;
  const lost = known.length === 0 ? "" : `, and the catalog knows ${counted(known.length, "backup")} in it`;
  throw new UmbraError("UMB-6201", { seen: `the backup area ${backupArea} is not there${lost}` });
}

/** The live area, where there is one. Before the first baseline has ended it has no manifest. */
async function readArea(world: World): Promise<readonly Found[]> {
  const { directory, manifest } = areaLayout(world.database.backupArea);
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  if ((await world.backupHost.stat(manifest, options)) === undefined) return [];
  return [await readBackup(world, directory)];
}

/**
 * Snapshots of the live area that the catalog does not know, because whoever took them died, or never had an answer: with
 * what lies in them they come into it, so that they count, and go one day. What is being removed stays out of it. While no
 * backup is made. Returned are those of which nobody can tell what lies in them: no retention ever removes them.
 * Errors: as the storage's.
 */
export async function adoptSnapshots(world: World): Promise<RebuiltCatalog["unusable"]> {
  const { state, database, storages } = world;
  const strays: RebuiltCatalog["unusable"][number][] = [];
  for (const found of await readSnapshots(world, isUnknown)) {
    if ("problem" in found) strays.push(found);
    else await state.catalog.add(found.entry);
  }
  return strays;

  async function isUnknown({ name, tag }: Pick<Snapshot, "name" | "tag">): Promise<boolean> {
    if (tag?.agent !== storages?.agent || state.tombstones.get(name) !== undefined) return false;
    return (await state.catalog.get(name))?.database !== database.name;
  }
}

/** Those that the storage lists. */
async function readSnapshots(
  world: World,
  isWanted: (snapshot: Snapshot) => Promise<boolean> = () => Promise.resolve(true),
): Promise<readonly Found[]> {
  const { snapshots, database, signal } = world;
  if (snapshots === undefined) return [];
  const listed = await snapshots.list({ deadlineMs: database.deadlines.copyStallMs, signal });
  const results: Found[] = [];
  for (const one of listed) {
    if (!(await isWanted(one))) continue;
    const { directory, storage, volume, name } = one;
    const read = await readBackup(world, directory);
    if ("problem" in read) results.push({ ...read, problem: `snapshot ${name}: ${read.problem}` });
    else results.push({ entry: { ...read.entry, id: name, snapshot: { storage, volume, name } } });
  }
  return results;
}

async function readBackup(world: World, directory: FilePath): Promise<Found> {
  const path = `${directory}/manifest.json` as FilePath;
  const read = await readManifest(world, path);
  if (read === undefined)
    return { path: directory, problem: "it has no manifest: no backup, or an unfinished one" };
  if (!read.ok) return { path, problem: read.problem };
  if (read.manifest.database !== world.database.name) {
    return { path, problem: `it is of database ${read.manifest.database}` };
  }
  return { entry: catalogEntry(read.manifest, read.text, directory) };
}
