import { dirname } from "node:path";

import type { RefreshedManifest } from "../domain/manifest.ts";
import { liveId } from "../domain/journal.ts";
import type { FilePath } from "../domain/names.ts";
import { areaHashes, areaLayout, identityInName } from "../plan/area-layout.ts";
import { below } from "../plan/backup-layout.ts";
import type { HostOptions } from "../ports/host.ts";
import { catalogEntry, sha256 } from "./catalog-entry.ts";
import { readManifest } from "./read-manifest.ts";
import { isPart } from "./remove-run-files.ts";
import { singleFiles } from "./single-files.ts";
import { notesFor, notesPath } from "./restore-notes-file.ts";
import type { World } from "./world.ts";

/** Files of a run's own names in control/ and parameters/. */
const OF_A_RUN = /^(control|init|spfile|orapw)-[0-9A-Za-z-]+(\.[a-z]+)?$/;

/**
 * Removes what a clean manifest does not name: control files and parameters of earlier runs, copies of files that were
 * dropped before the last refresh, hashes without a copy, and what was half written. Only names that umbra gives. Archived
 * logs are left alone. Gives what was removed, below the backup area.
 */
export async function tidyArea(world: World, options: HostOptions): Promise<readonly string[]> {
  const manifest = await manifestOf(world);
  if (manifest === undefined || manifest.dirty.length > 0) return [];
  const layout = areaLayout(world.database.backupArea);
  const named = new Set([...manifest.datafiles, ...manifest.dropped].map((one) => lastName(one.name)));
  const copies = await removed(world, layout.data, options, (name) => {
    return isPart(name) || (identityInName(name) !== undefined && !named.has(name));
  });
  const hashes = await removed(world, areaHashes(world.database.backupArea), options, (name) => {
    return name.endsWith(".hashes") && !named.has(name.slice(0, -".hashes".length));
  });
  return [...copies, ...hashes, ...(await removeOfEarlierRuns(world, manifest, options))];
}

/**
 * After a run on the area that did not come to its end: what is half written goes, copies stay, and the catalog gets what
 * the manifest says now, be it dirty.
 */
export async function settleArea(world: World): Promise<void> {
  const options = { deadlineMs: world.database.deadlines.statementMs };
  const layout = areaLayout(world.database.backupArea);
  const { directory, data, logs } = layout;
  for (const folder of [directory, data, logs]) await removed(world, folder, options, isPart);
  const read = await readManifest(world, layout.manifest);
  if (read?.ok !== true || read.manifest.kind !== "refreshed") return;
  await removeOfEarlierRuns(world, read.manifest, options);
  await bringBackNotes(world, read.manifest, options);
  const { catalog } = world.state;
  const known = await catalog.get(liveId(world.database.name));
  if (known?.manifestSha256 === sha256(read.text)) return;
  await catalog.renew(catalogEntry(read.manifest, read.text, directory));
}

/** A run that died between the notes and the manifest left notes of a state that never came. */
async function bringBackNotes(
  world: World,
  manifest: RefreshedManifest,
  options: HostOptions,
): Promise<void> {
  const { text, file } = notesFor(manifest);
  if (manifest.restoreNotes?.sha256 !== file.sha256) return;
  const { directory } = areaLayout(world.database.backupArea);
  await world.backupHost.writeAtomically(notesPath(directory), text, options);
}

async function removeOfEarlierRuns(
  world: World,
  manifest: RefreshedManifest,
  options: HostOptions,
): Promise<readonly string[]> {
  const named = new Set(singleFiles(manifest).map(({ name }) => lastName(name)));
  const { control, parameters } = areaLayout(world.database.backupArea);
  const isOld = (name: string) => isPart(name) || (OF_A_RUN.test(name) && !named.has(name));
  return [
    ...(await removed(world, control, options, isOld)),
    ...(await removed(world, parameters, options, isOld)),
  ];
}

async function removed(
  world: World,
  folder: FilePath,
  options: HostOptions,
  goes: (name: string) => boolean,
): Promise<readonly string[]> {
  const names = ((await world.backupHost.list(folder, options)) ?? []).filter(goes);
  for (const name of names) await world.backupHost.remove(below(folder, name), options);
  const area = dirname(areaLayout(world.database.backupArea).directory);
  return names.map((name) => below(folder, name).slice(area.length + 1));
}

async function manifestOf(world: World): Promise<RefreshedManifest | undefined> {
  const read = await readManifest(world, areaLayout(world.database.backupArea).manifest);
  return read?.ok === true && read.manifest.kind === "refreshed" ? read.manifest : undefined;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
