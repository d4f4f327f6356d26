import { openOpenZfs } from "../../../storage-adapters/openzfs/openzfs.ts";
import { openZfsSettings } from "../../../storage-adapters/openzfs/settings.ts";
import { zfsPool } from "../../rigs/zfs-pool.ts";
import { keepsThePromisesOfAStorage, limits } from "./storage-promises.ts";

keepsThePromisesOfAStorage("zfs-fuse", ["clone", "hold"], async (context) => {
  const pool = await zfsPool(context);
  const settings = openZfsSettings.parse({ kind: "openzfs" });
  const storage = await openOpenZfs("tank", settings, pool.host, limits);
  return {
    storage,
    files: pool.host,
    scratch: await pool.dataset("data"),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
});
