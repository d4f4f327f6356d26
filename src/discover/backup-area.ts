import { dirname } from "node:path";

import type { BackupAreaFacts } from "../domain/facts.ts";
import type { FilePath } from "../domain/names.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import type { Host, HostOptions } from "../ports/host.ts";

export interface BackupAreaQuestion {
  readonly backupHost: Host;
  readonly databaseHost: Host;
  readonly path: FilePath;
  readonly datafiles: readonly FilePath[];
}

/** Left behind only if the agent dies while it has it: one name, so that it is removed the next time. */
const PROBE = ".umbra-probe";

/**
 * What can be said of the backup area now. Writes a small file into it and removes it, because rights on network
 * storage cannot be known otherwise. An area that is not there yet is judged by its nearest parent.
 */
export async function readBackupArea(
  question: BackupAreaQuestion,
  options: HostOptions,
): Promise<BackupAreaFacts> {
  const { backupHost, path } = question;
  const exists = (await backupHost.stat(path, options))?.kind === "directory";
  const ground = exists ? path : await nearestDirectory(backupHost, path, options);
  const parentExists = exists || ground === dirname(path);
  return {
    path,
    exists,
    parentExists,
    // Where the storage is not mounted, its nearest parent is somebody else's.
    writable: parentExists && (await isWritable(backupHost, ground, options)),
    freeBytes: await backupHost.freeBytes(ground, options),
    sharedWith: await directoriesOnSameDevice(question, ground, options),
  };
}

async function nearestDirectory(host: Host, path: FilePath, options: HostOptions): Promise<FilePath> {
  let at = path;
  while ((await host.stat(at, options))?.kind !== "directory" && dirname(at) !== at)
    at = dirname(at) as FilePath;
  return at;
}

async function isWritable(host: Host, directory: FilePath, options: HostOptions): Promise<boolean> {
  const probe = `${directory === "/" ? "" : directory}/${PROBE}` as FilePath;
  try {
    await host.writeAtomically(probe, "umbra was here\n", options);
    await host.remove(probe, options);
    return true;
  } catch (error) {
    if (isUmbraError(error)) return false;
    throw error;
  }
}

/** None where the two are not on the same machine: device numbers say nothing then. */
async function directoriesOnSameDevice(
  { backupHost, databaseHost, datafiles }: BackupAreaQuestion,
  ground: FilePath,
  options: HostOptions,
): Promise<FilePath[]> {
  if (backupHost.name !== databaseHost.name) return [];
  const device = (await backupHost.stat(ground, options))?.device;
  const directories = [...new Set(datafiles.map((path) => dirname(path) as FilePath))].toSorted();
  const shared: FilePath[] = [];
  for (const directory of directories) {
    const found = await databaseHost.stat(directory, options);
    if (found !== undefined && found.device === device) shared.push(directory);
  }
  return shared;
}
