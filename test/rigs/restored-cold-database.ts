import { join } from "node:path";

import type { ColdManifest } from "../../src/domain/manifest.ts";
import {
  type ClosedFiles,
  openWithLogs,
  openWithoutLogs,
  type RestoredCold,
  restoredCold,
} from "./restored-cold.ts";
import { manifestOf } from "./restored-database.ts";

export function coldManifestOf(directory: string): ColdManifest {
  const manifest = manifestOf(directory);
  if (manifest.kind !== "cold") throw new Error(`${directory} holds a ${manifest.kind} backup`);
  return manifest;
}

/** Where everything of a cold backup lies, read-only files in earlier backups too. */
export function closedFiles(directory: string): ClosedFiles {
  const manifest = coldManifestOf(directory);
  const { datafiles, kept, onlineRedo, identity } = manifest;
  const area = join(directory, "..", "..");
  return {
    databaseName: identity.name,
    cdb: identity.cdb,
    controlfile: join(directory, manifest.controlfile.name),
    datafiles: new Map([
      ...datafiles.map((file) => [file.source, join(directory, file.name)] as const),
      ...kept.map((file) => [file.source, join(area, file.directory, file.name)] as const),
    ]),
    ...(onlineRedo.length === 0
      ? {}
      : { onlineLogs: new Map(onlineRedo.map((log) => [log.source, join(directory, log.name)])) }),
  };
}

/**
 * What a DBA would do with a cold backup: place all files elsewhere, mount, and open without recovery: as it was where
 * the backup has the online logs, else with RESETLOGS. Throws what the instance refuses.
 */
export async function restoredColdDatabase(directory: string, base: string): Promise<RestoredCold> {
  const files = closedFiles(directory);
  const restored = await restoredCold(files, base);
  try {
    if (files.onlineLogs === undefined) await openWithoutLogs(restored);
    else await openWithLogs(restored);
    for (const { conId, opensWithRoot } of restored.instance.controlFile?.containers ?? []) {
      if (conId > 2 && !opensWithRoot) await restored.instance.openPdb(conId, "READ WRITE");
    }
  } catch (error) {
    await restored[Symbol.asyncDispose]();
    throw error;
  }
  return restored;
}
