import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import type { LoopVolume } from "../../rigs/loop-volume.ts";
import { ext4Volume, xfsVolume } from "../../rigs/xfs-volume.ts";
import { keepsThePromisesOfAStorage, limits, type OpenRig, type Skipping } from "./storage-promises.ts";

/** Snapshots of files of the volume. */
function reflinkOn(make: (context: Skipping) => LoopVolume): OpenRig {
  return async (context) => {
    const volume = make(context);
    const never = () => Promise.reject(new Error("nothing is copied here"));
    const files = createLocalHost({ copier: { copy: never, verify: never } });
    const storage = await openStorage("files", { kind: "reflink" }, files, limits);
    return {
      storage,
      files,
      scratch: volume.path,
      [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose](),
    };
  };
}

keepsThePromisesOfAStorage("reflink on XFS", [], reflinkOn(xfsVolume));
keepsThePromisesOfAStorage("reflink on ext4, which copies", [], reflinkOn(ext4Volume));
