import { filesHere } from "./files-here.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { ModernZfs } from "./modern-zfs.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { zfsPool } from "../../rigs/zfs-pool.ts";
import { keepsThePromisesOfAStorage, limits } from "./storage-promises.ts";

keepsThePromisesOfAStorage("zfs-fuse", ["clone", "hold", "changedBlocks", "byHand"], async (context) => {
  const pool = await zfsPool(context);
  const storage = await openStorage("tank", { kind: "openzfs" }, pool.host, limits);
  return {
    storage,
    files: pool.host,
    scratch: await pool.dataset("data"),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
});

keepsThePromisesOfAStorage("OpenZFS 2.x, imitated", ["group", "clone", "hold", "byHand"], async () => {
  const scratch = scratchDirectory();
  const zfs = new ModernZfs(filesHere());
  const data = `${scratch.path}/data` as FilePath;
  await zfs.host.makeDirectory(data, limits);
  zfs.filesystem("tank/data", data);
  const settings = { kind: "openzfs", "mount-directory": `${scratch.path}/clones` } as const;
  return {
    storage: await openStorage("tank", settings, zfs.host, limits),
    files: zfs.host,
    scratch: data,
    [Symbol.asyncDispose]: async () => scratch[Symbol.dispose](),
  };
});
