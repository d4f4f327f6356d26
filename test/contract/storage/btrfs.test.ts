import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { btrfsVolume } from "../../rigs/btrfs-volume.ts";
import { keepsThePromisesOfAStorage, limits } from "./storage-promises.ts";

keepsThePromisesOfAStorage("btrfs", ["clone", "changedBlocks"], async (context) => {
  const volume = btrfsVolume(context);
  const never = () => Promise.reject(new Error("nothing is copied here"));
  const files = createLocalHost({ copier: { copy: never, verify: never } });
  const storage = await openStorage("pool", { kind: "btrfs" }, files, limits);
  return {
    storage,
    files,
    scratch: volume.subvolume("data"),
    [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose](),
  };
});
