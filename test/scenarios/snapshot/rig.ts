import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import type { StorageAdapter } from "../../../storage-adapters/contract.ts";
import type { World } from "../../../src/run/world.ts";
import { reflinkStorages } from "../../rigs/reflink-storages.ts";
import { simulatedWorld, type SimulatedWorld } from "../../rigs/simulated-world.ts";

export interface SnapshotRigOptions {
  readonly storage?: (storage: StorageAdapter) => StorageAdapter;
  readonly world?: (world: World) => World;
}

/** A database whose files lie on a storage that takes snapshots. */
export async function snapshotRig(options: SnapshotRigOptions = {}): Promise<SimulatedWorld> {
  const { storage } = options;
  return await simulatedWorld({
    database: { totalBytes: 3_000_000 },
    change: (world) => {
      const storages = reflinkStorages({
        directory: dirname(dirname(world.state.path)),
        host: world.databaseHost,
        ...(storage === undefined ? {} : { change: storage }),
      });
      return options.world?.({ ...world, storages }) ?? { ...world, storages };
    },
  });
}

/** Everything in the place of the snapshots, half-made ones too. */
export function snapshotsOf({ directory }: SimulatedWorld): readonly string[] {
  return readdirSync(join(directory, "snapshots"));
}

export function runDirectories({ world }: SimulatedWorld): readonly string[] {
  const area = join(world.database.backupArea, "snapshot");
  return existsSync(area) ? readdirSync(area) : [];
}
