import { filesHere } from "./files-here.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { btrfsVolume } from "../../rigs/btrfs-volume.ts";
import { keepsThePromisesOfAStorage, limits } from "./storage-promises.ts";

keepsThePromisesOfAStorage("btrfs", ["clone", "changedBlocks", "byHand"], async (context) => {
  const volume = btrfsVolume(context);
  const files = filesHere();
  const storage = await openStorage("pool", { kind: "btrfs" }, files, limits);
  return {
    storage,
    files,
    scratch: volume.subvolume("data"),
    [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose](),
  };
});
