import type { FilePath } from "../src/domain/names.ts";
import type { OwnershipTag, SnapshotName, VolumeId } from "../src/domain/snapshot.ts";
import { type CallLimits, type Located, pathInView, type StorageAdapter } from "./contract.ts";

/*
 * A picture of closed files: what a cold backup with a short outage needs. Stop the database, take the picture, start
 * the database, copy from the picture, drop it.
 *
 *   const where = await locateFiles(storage, files, limits);        // write `volumesOf(where)` down: an obligation
 *   const picture = await takePicture(storage, { name, tag, where }, limits);
 *   … copy picture.pathOf(file) for each file …
 *   await dropPicture(storage, { name, tag, volumes: volumesOf(where) }, limits);
 */

export interface PictureRequest {
  readonly name: SnapshotName;
  readonly tag: OwnershipTag;
  /** From `locateFiles`: file as asked for → where it is. */
  readonly where: ReadonlyMap<FilePath, Located>;
}

export interface Picture {
  /** Where a file that was asked for can be read. */
  readonly pathOf: (file: FilePath) => FilePath;
}

/** Changes nothing. UMB-6301 for a file that is not on this storage, UMB-6302 where nothing is there. */
export async function locateFiles(
  storage: StorageAdapter,
  files: readonly FilePath[],
  limits: CallLimits,
): Promise<ReadonlyMap<FilePath, Located>> {
  const located = await storage.locate(files, limits);
  return new Map(
    files.flatMap((file, index): [FilePath, Located][] => {
      const where = located[index];
      return where === undefined ? [] : [[file, where]];
    }),
  );
}

export function volumesOf(where: ReadonlyMap<FilePath, Located>): readonly VolumeId[] {
  return [...new Set([...where.values()].map(({ volume }) => volume.id))];
}

/** True where a picture takes seconds whatever the size, on every volume: else the outage is as long as a copy. */
export async function pictureIsInstant(
  storage: StorageAdapter,
  volumes: readonly VolumeId[],
  limits: CallLimits,
): Promise<boolean> {
  for (const volume of volumes) if (!(await storage.describe(volume, limits)).instant) return false;
  return true;
}

/**
 * A snapshot of each volume, one after the other, which is one picture because the files are closed; then each is shown.
 * May be asked for twice. After a failure `dropPicture` undoes what was done. Limits hold for each volume.
 */
export async function takePicture(
  storage: StorageAdapter,
  { name, tag, where }: PictureRequest,
  limits: CallLimits,
): Promise<Picture> {
  const roots = new Map<VolumeId, FilePath>();
  const volumes = volumesOf(where);
  for (const volume of volumes) {
    const paths = [...where.values()].filter((file) => file.volume.id === volume).map(({ path }) => path);
    await storage.createSnapshot({ volume, name, tag, paths }, limits);
  }
  for (const volume of volumes) {
    roots.set(volume, (await storage.showSnapshot({ volume, name, tag }, limits)).root);
  }
  return {
    pathOf: (file) => {
      const located = where.get(file);
      const root = located === undefined ? undefined : roots.get(located.volume.id);
      if (located === undefined || root === undefined) throw new TypeError(`${file} is not in the picture`);
      return pathInView({ root }, located);
    },
  };
}

/** Hides and deletes the snapshots of a picture. Gone already, or never made: success. */
export async function dropPicture(
  storage: StorageAdapter,
  { name, tag, volumes }: Omit<PictureRequest, "where"> & { readonly volumes: readonly VolumeId[] },
  limits: CallLimits,
): Promise<void> {
  for (const volume of volumes) {
    await storage.hideSnapshot({ volume, name, tag }, limits);
    await storage.deleteSnapshot({ volume, name, tag }, limits);
  }
}
