import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { StorageAdapter } from "../../storage-adapters/contract.ts";
import { openReflink } from "../../storage-adapters/reflink/reflink.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { Host } from "../../src/ports/host.ts";
import type { Storages } from "../../src/run/storages.ts";

export interface ReflinkStoragesOptions {
  /** Below it lie `prod` and the snapshots. */
  readonly directory: string;
  readonly host: Pick<Host, "name" | "run">;
  /** Replaces parts of the adapter: what a storage does otherwise. */
  readonly change?: (storage: StorageAdapter) => StorageAdapter;
}

/** The database's storage: snapshots of its files by the reflink adapter, which makes copies where no blocks are shared. */
export function reflinkStorages({ directory, host, change }: ReflinkStoragesOptions): Storages {
  const snapshots = join(directory, "snapshots");
  mkdirSync(snapshots, { recursive: true });
  return {
    agent: "test",
    primary: [{ name: "primary", path: join(directory, "prod") as FilePath }],
    open: async (name, call) => {
      const storage = await openReflink(name, { kind: "reflink", directory: snapshots }, host, call);
      return change?.(storage) ?? storage;
    },
  };
}
