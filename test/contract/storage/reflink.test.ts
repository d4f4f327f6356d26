import { filesHere } from "./files-here.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import type { LoopVolume } from "../../rigs/loop-volume.ts";
import { ext4Volume, xfsVolume } from "../../rigs/xfs-volume.ts";
import { keepsThePromisesOfAStorage, limits, type OpenRig, type Skipping } from "./storage-promises.ts";

/** Snapshots of files of the volume. */
function reflinkOn(make: (context: Skipping) => LoopVolume): OpenRig {
  return async (context) => {
    const volume = make(context);
    const files = filesHere();
    const storage = await openStorage("files", { kind: "reflink" }, files, limits);
    return {
      storage,
      files,
      scratch: volume.path,
      [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose](),
    };
  };
}

keepsThePromisesOfAStorage("reflink on XFS", ["byHand"], reflinkOn(xfsVolume));
keepsThePromisesOfAStorage("reflink on ext4, which copies", ["byHand"], reflinkOn(ext4Volume));
