import { openStorage } from "../../../storage-adapters/registry.ts";
import { zfsPool } from "../../rigs/zfs-pool.ts";
import { keepsThePromisesOfAStorage, limits } from "./storage-promises.ts";

keepsThePromisesOfAStorage("zfs-fuse", ["clone", "hold"], async (context) => {
  const pool = await zfsPool(context);
  const storage = await openStorage("tank", { kind: "openzfs" }, pool.host, limits);
  return {
    storage,
    files: pool.host,
    scratch: await pool.dataset("data"),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
});
