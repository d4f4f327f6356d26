import type { Facts } from "../domain/facts.ts";
import type { Mount } from "../domain/mount.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { isLocal } from "./archive-destinations.ts";
import type { DiscoverWorld } from "./discover.ts";
import { realPaths } from "./real-paths.ts";
import { filesByMount, shareSpace, type Volume, type VolumeFiles, volumeOf } from "./volumes.ts";

export type FileUse = "datafile" | "temp file" | "control file" | "online log" | "archive destination";

export interface PlacedFile {
  readonly use: FileUse;
  /** As the database has it. */
  readonly name: string;
  /** Without symbolic links. */
  readonly path: string;
  /** As the database says it; undefined where it does not, or the number of logs changes it. */
  readonly bytes: number | undefined;
}

export interface StorageMap {
  readonly volumes: readonly (VolumeFiles<PlacedFile> & {
    /** The backup area lies on the same file system or pool: what destroys one destroys the other, or fills it. */
    readonly holdsBackupArea: boolean;
  })[];
  /** undefined where it is on another host than the database. */
  readonly backupArea: Volume | undefined;
  /** Why nothing is known of the mounts: then every file is on no known volume. */
  readonly problem?: string;
}

/** What the files of the database lie on. Changes nothing, and never fails for what the host does not tell. */
export async function readStorageMap(world: DiscoverWorld, facts: Facts): Promise<StorageMap> {
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  const area = world.database.backupArea;
  const files = placedFiles(facts);
  try {
    const mounts = await world.databaseHost.mounts(options);
    const real = await realPaths(world.databaseHost, [...files.map(({ name }) => name), area], options);
    const placed = files.map((file) => ({ ...file, path: real.get(file.name) ?? file.name }));
    const together = world.backupHost.name === world.databaseHost.name;
    return mapped(placed, mounts, together ? (real.get(area) ?? area) : undefined);
  } catch (error) {
    if (!isUmbraError(error)) throw error;
    return { ...mapped(files, [], undefined), problem: error.message };
  }
}

function mapped(
  files: readonly PlacedFile[],
  mounts: readonly Mount[],
  area: string | undefined,
): StorageMap {
  const backupArea = area === undefined ? undefined : volumeOf(area, mounts);
  return {
    backupArea,
    volumes: filesByMount(files, mounts).map((one) => ({
      ...one,
      holdsBackupArea: backupArea !== undefined && shareSpace(one.volume, backupArea),
    })),
  };
}

function placedFiles(facts: Facts): readonly PlacedFile[] {
  const file = (use: FileUse, name: string, bytes?: number): PlacedFile => ({ use, name, path: name, bytes });
  return [
    ...facts.datafiles.map(({ path, bytes }) => file("datafile", path, bytes)),
    ...facts.tempfiles.map(({ path, bytes }) => file("temp file", path, bytes)),
    ...facts.controlfiles.map((path) => file("control file", path)),
    ...facts.onlineLogs.flatMap(({ members, bytes }) =>
      members.map((path) => file("online log", path, bytes)),
    ),
    ...facts.archiveDestinations
      .filter(isLocal)
      .map(({ destination }) => file("archive destination", directoryOf(destination, facts))),
  ];
}

/** The recovery area goes by a name of its own. */
function directoryOf(destination: string, { parameters }: Facts): string {
  const area = parameters["db_recovery_file_dest"];
  return destination === "USE_DB_RECOVERY_FILE_DEST" && area !== undefined ? area : destination;
}
