import { counted, formatBytes } from "../../domain/human.ts";
import type { FileUse, PlacedFile, StorageMap } from "../../discover/storage-map.ts";
import type { Volume } from "../../discover/volumes.ts";
import { section, table } from "../table.ts";

type Mapped = StorageMap["volumes"][number];

/** `/u02 zfs tank/oradata` by the name of each file. */
export function volumeNames({ volumes }: StorageMap): ReadonlyMap<string, string> {
  return new Map(volumes.flatMap(({ volume, files }) => files.map(({ name }) => [name, volumeText(volume)])));
}

/** Volumes with what lies on each, for people. */
export function storageMapText(storage: StorageMap): string {
  const problem = storage.problem === undefined ? "" : `not known: ${storage.problem}`;
  return section("Storage", problem === "" ? volumesText(storage) : problem);
}

function volumesText(storage: StorageMap): string {
  const text = table<Mapped>(
    [
      { title: "VOLUME", value: ({ volume }) => volumeText(volume) },
      { title: "KIND", value: ({ volume }) => kindText(volume) },
      { title: "FILES", value: ({ files }) => usesText(files) },
      { title: "SIZE", value: ({ files }) => formatBytes(bytesOf(files)), right: true },
      { title: "BACKUP AREA", value: (one) => areaText(one, storage.backupArea) },
      { title: "SNAPSHOTS", value: ({ volume }) => picturesText(volume) },
    ],
    storage.volumes,
  );
  const { backupArea: area } = storage;
  return area === undefined ? text : `${text}\nThe backup area is on ${volumeText(area)}.`;
}

/** Moments and SCNs have no place here: volumes as they are, files by volume. */
export function storageMapData({ volumes, backupArea, problem }: StorageMap): object {
  return {
    ...(problem === undefined ? {} : { problem }),
    ...(backupArea === undefined ? {} : { backupArea }),
    volumes: volumes.map(({ volume, files, holdsBackupArea }) => ({
      ...volume,
      holdsBackupArea,
      bytes: bytesOf(files),
      files,
    })),
  };
}

function volumeText(volume: Volume): string {
  if (volume.on === "disk group") return `disk group ${volume.group}`;
  if (volume.on === "unknown") return "?";
  const { mount, object } = volume;
  return `${mount.point} ${mount.kind} ${object.name}`;
}

function kindText(volume: Volume): string {
  if (volume.on === "mount") return volume.object.kind;
  return volume.on === "disk group" ? "ASM" : "?";
}

/** `2 datafiles, 1 control file`. */
function usesText(files: readonly PlacedFile[]): string {
  const counts = new Map<FileUse, number>();
  for (const { use } of files) counts.set(use, (counts.get(use) ?? 0) + 1);
  return [...counts].map(([use, count]) => counted(count, use)).join(", ");
}

function bytesOf(files: readonly PlacedFile[]): number {
  return files.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}

function areaText({ holdsBackupArea }: Mapped, area: Volume | undefined): string {
  if (area === undefined) return "elsewhere";
  return holdsBackupArea ? "SHARED" : "apart";
}

function picturesText(volume: Volume): string {
  if (volume.on === "disk group") return "no: RMAN only";
  if (volume.on === "unknown") return "?";
  const { object, mount } = volume;
  if (object.pictures === "snapshot") return `yes: ${object.adapter ?? ""}`;
  if (object.pictures === "no") return "no";
  if (object.kind === "export") return "ask its server";
  return mount.kind === "xfs" ? "reflink, if made with reflink=1" : "reflink, perhaps";
}
