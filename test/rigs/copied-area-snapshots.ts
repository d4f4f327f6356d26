import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { instant } from "../../src/domain/instant.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { SnapshotName, VolumeId } from "../../src/domain/snapshot.ts";
import { areaLayout } from "../../src/plan/area-layout.ts";
import type { AreaSnapshot, AreaSnapshots } from "../../src/ports/snapshots.ts";

/** Snapshots of a live area as plain copies of it, below a directory. */
export function copiedAreaSnapshots(backupArea: FilePath, directory: string): AreaSnapshots {
  const placeOf = (name: SnapshotName): AreaSnapshot => ({
    storage: "test",
    volume: "copies" as VolumeId,
    name,
    directory: join(directory, name) as FilePath,
  });
  return {
    take: async ({ name }) => {
      const place = placeOf(name);
      if (!existsSync(place.directory)) {
        cpSync(areaLayout(backupArea).directory, place.directory, { recursive: true });
      }
      return place;
    },
    list: async () => {
      const names = existsSync(directory) ? (readdirSync(directory) as SnapshotName[]) : [];
      return names.map((name) => ({
        ...placeOf(name),
        id: name,
        createdAt: instant(0),
        heldBy: [],
      }));
    },
  };
}
