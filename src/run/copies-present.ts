import { dirname } from "node:path";

import type { Manifest, ManifestFile, ManifestLog } from "../domain/manifest.ts";
import type { FilePath } from "../domain/names.ts";
import { below } from "../plan/backup-layout.ts";
import { lostSnapshots } from "./lost-snapshots.ts";
import type { World } from "./world.ts";

export interface CopiesPresent {
  /** Datafiles and the control file that should be there and are not, below the backup area. */
  readonly missing: readonly string[];
  readonly logs: readonly ManifestLog[];
}

/** What of a backup lies where its manifest says, by name. Its content is `umbra verify`'s to judge. */
export async function copiesPresent(
  world: World,
  manifest: Manifest,
  directory: FilePath,
): Promise<CopiesPresent> {
  const area = dirname(dirname(directory)) as FilePath;
  const own = (file: Pick<ManifestFile, "name">) => below(directory, file.name);
  const kept = manifest.kind === "cold" ? manifest.kept : [];
  const copies = manifest.kind === "snapshot" ? [] : manifest.datafiles;
  const lost = manifest.kind === "snapshot" ? await lostSnapshots(world, manifest) : [];
  const wanted = [
    ...[...copies, manifest.controlfile].map(own),
    ...kept.map((file) => below(below(area, file.directory), file.name)),
  ];
  const there = await present(world, [...wanted, ...manifest.logs.map(own)]);
  return {
    missing: [
      ...lost,
      ...wanted.filter((path) => !there.has(path)).map((path) => path.slice(area.length + 1)),
    ],
    logs: manifest.logs.filter((log) => there.has(own(log))),
  };
}

async function present(world: World, paths: readonly FilePath[]): Promise<ReadonlySet<string>> {
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  const there = new Set<string>();
  for (const folder of new Set(paths.map((path) => dirname(path) as FilePath))) {
    const names = (await world.backupHost.list(folder, options)) ?? [];
    for (const name of names) there.add(below(folder, name));
  }
  return there;
}
