import type { DatabaseName, FilePath } from "../src/domain/names.ts";
import { isOfArea, keepersOf, type OwnershipTag, type SnapshotName } from "../src/domain/snapshot.ts";
import { UmbraError } from "../src/errors/umbra-error.ts";
import type { AreaSnapshot, AreaSnapshots, SnapshotCall } from "../src/ports/snapshots.ts";
import { type Located, pathInView, type StorageAdapter } from "./contract.ts";

export interface AreaSnapshotsParts {
  /** The storage of the backup area. */
  readonly open: (call: SnapshotCall) => Promise<StorageAdapter>;
  readonly database: DatabaseName;
  /** The live area. */
  readonly directory: FilePath;
}

/** Snapshots of a live backup area by the storage that it lies on. Contract: `AreaSnapshots`. */
export function createAreaSnapshots(parts: AreaSnapshotsParts): AreaSnapshots {
  return {
    take: async ({ name, tag }, call) => {
      const storage = await parts.open(call);
      const area = await locateArea(storage, parts, call);
      await storage.createSnapshot({ volume: area.volume.id, name, tag, paths: [area.path] }, call);
      return await shown(storage, area, { name, tag }, call);
    },
    list: async (call) => {
      const storage = await parts.open(call);
      const area = await locateArea(storage, parts, call);
      const places = [];
      for (const snapshot of await storage.listSnapshots(area.volume.id, call)) {
        const { name, tag } = snapshot;
        // Other databases may lie on the same volume, and other things of umbra's have other names.
        if (tag?.database !== parts.database || !isOfArea(name)) continue;
        places.push({
          ...snapshot,
          heldBy: keepersOf(snapshot),
          ...(await shown(storage, area, { name, tag }, call)),
        });
      }
      return places;
    },
    areInstant: async (call) => {
      const storage = await parts.open(call);
      const area = await locateArea(storage, parts, call);
      return (await storage.describe(area.volume.id, call)).instant;
    },
  };
}

async function locateArea(
  storage: StorageAdapter,
  { directory }: AreaSnapshotsParts,
  call: SnapshotCall,
): Promise<Located> {
  const [area] = await storage.locate([directory], call);
  if (area !== undefined) return area;
  throw new UmbraError("UMB-6302", { storage: storage.name, path: directory });
}

async function shown(
  storage: StorageAdapter,
  area: Located,
  { name, tag }: { readonly name: SnapshotName; readonly tag: OwnershipTag },
  call: SnapshotCall,
): Promise<AreaSnapshot> {
  const { id: volume } = area.volume;
  const view = await storage.showSnapshot({ volume, name, tag }, call);
  return { storage: storage.name, volume, name, directory: pathInView(view, area) };
}
