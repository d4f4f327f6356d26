import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import type { UmbraEvent } from "../../../src/domain/events.ts";
import type { RetentionConfig } from "../../../src/domain/fleet.ts";
import type { CatalogEntry } from "../../../src/domain/journal.ts";
import { instant } from "../../../src/domain/instant.ts";
import { areaLayout } from "../../../src/plan/area-layout.ts";
import { baseline } from "../../../src/run/backup-refresh.ts";
import { createSnapshot } from "../../../src/run/snapshot-create.ts";
import type { World } from "../../../src/run/world.ts";
import { createAreaSnapshots } from "../../../storage-adapters/area-snapshots.ts";
import type { StorageAdapter } from "../../../storage-adapters/contract.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

export interface KeptWorld extends AsyncDisposable {
  readonly world: World;
  readonly events: readonly UmbraEvent[];
  readonly directory: string;
  /** Where the snapshots are. */
  readonly snapshots: string;
  /** Time goes by. */
  readonly later: (ms: number) => void;
  readonly take: () => Promise<CatalogEntry>;
}

export interface KeptWorldOptions {
  readonly retention?: RetentionConfig;
  /** Puts something between umbra and the storage. */
  readonly storage?: (storage: StorageAdapter) => StorageAdapter;
}

/** A simulated database with a live area, whose storage takes snapshots by plain copies. */
export async function keptWorld({
  retention,
  storage = (one) => one,
}: KeptWorldOptions = {}): Promise<KeptWorld> {
  let passed = 0;
  const never = () => Promise.reject(new Error("nothing is copied here"));
  const host = createLocalHost({ copier: { copy: never, verify: never } });
  const rig = await simulatedWorld({
    database: { totalBytes: 2_000_000, logBytes: 131_072 },
    change: (world) => {
      const directory = join(world.database.backupArea, "..", "..", "snapshots");
      mkdirSync(directory);
      const open = async () =>
        storage(await openStorage("test", { kind: "reflink", directory }, host, { deadlineMs: 20_000 }));
      const { name, backupArea } = world.database;
      return {
        ...world,
        database: { ...world.database, ...(retention === undefined ? {} : { retention }) },
        clock: { ...world.clock, now: () => instant(world.clock.now() + passed) },
        storages: { agent: "a1", open, primary: [] },
        snapshots: createAreaSnapshots({ open, database: name, directory: areaLayout(backupArea).directory }),
      };
    },
  });
  const { world, directory, events } = rig;
  const made = await baseline(world);
  if (!made.ok) throw new Error(made.refusals[0]?.seen);
  return {
    world,
    events,
    directory,
    snapshots: join(directory, "snapshots"),
    later: (ms) => void (passed += ms),
    take: async () => {
      // Names hold whole seconds.
      passed += 1000;
      const taken = await createSnapshot(world);
      if (!taken.ok) throw new Error(taken.refusals[0]?.seen);
      return taken.entry;
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}
