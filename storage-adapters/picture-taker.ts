import type { DatabaseName, FilePath, RunId } from "../src/domain/names.ts";
import type { OwnershipTag, SnapshotName } from "../src/domain/snapshot.ts";
import { isUmbraError, UmbraError } from "../src/errors/umbra-error.ts";
import type { Picture, PictureCall, PictureTaker } from "../src/ports/picture.ts";
import type { StorageAdapter } from "./contract.ts";
import { dropPicture, locateFiles, pictureIsInstant, takePicture, volumesOf } from "./picture.ts";

/** `parseSnapshotName` reads no such name: a picture is no backup, and is gone when its run ends. */
const PICTURE_PREFIX = "umbra-picture-";

export interface PictureTakerParts {
  /** The storage of the datafiles; opened for each call, because what it needs may come and go. */
  readonly open: (call: PictureCall) => Promise<StorageAdapter>;
  /** The installation of umbra. */
  readonly agent: string;
  readonly database: DatabaseName;
}

/** Pictures of a database's files by one storage. The name of a picture is the run's. Contract: `PictureTaker`. */
export function createPictureTaker(parts: PictureTakerParts): PictureTaker {
  return {
    whyNot: (files, call) => whyNot(parts, files, call),
    take: (name, files, call) => take(parts, name, files, call),
    remove: async (name, files, call) => {
      const storage = await parts.open(call);
      const volumes = volumesOf(await locateFiles(storage, files, call));
      await dropPicture(storage, { ...named(parts, name), volumes }, call);
    },
  };
}

/** What the storage cannot do is an answer, not an error. */
async function whyNot(
  { open }: PictureTakerParts,
  files: readonly FilePath[],
  call: PictureCall,
): Promise<string | undefined> {
  try {
    const storage = await open(call);
    const volumes = volumesOf(await locateFiles(storage, files, call));
    if (await pictureIsInstant(storage, volumes, call)) return undefined;
    return `their file system (${volumes.join(", ")}) shares no blocks and has no snapshots`;
  } catch (error) {
    if (!isUmbraError(error) || call.signal?.aborted === true) throw error;
    return error.message;
  }
}

async function take(
  parts: PictureTakerParts,
  name: string,
  files: readonly FilePath[],
  call: PictureCall,
): Promise<Picture> {
  const storage = await parts.open(call);
  const where = await locateFiles(storage, files, call);
  const missing = files.find((file) => !where.has(file));
  if (missing !== undefined) {
    throw new UmbraError("UMB-6302", { storage: storage.name, path: missing });
  }
  const { pathOf } = await takePicture(storage, { ...named(parts, name), where }, call);
  return { files: new Map(files.map((file) => [file, pathOf(file)])) };
}

function named({ agent, database }: PictureTakerParts, name: string) {
  const tag: OwnershipTag = { agent, database, run: name as RunId };
  return { name: `${PICTURE_PREFIX}${name}` as SnapshotName, tag };
}
