import type { AreaLook } from "../domain/area-look.ts";
import { formatBytes } from "../domain/human.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { FilePath } from "../domain/names.ts";
import { formatSnapshotName, type SnapshotName } from "../domain/snapshot.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { areaLayout } from "../plan/area-layout.ts";
import { fullCopyBytes } from "../plan/full-copies.ts";
import { layoutBelow } from "../plan/backup-layout.ts";
import { lookAtArea } from "./area-look.ts";
import { aside } from "./aside-record.ts";
import { catalogEntry } from "./catalog-entry.ts";
import { refuseOpenRuns } from "./open-obligations.ts";
import { readManifest } from "./read-manifest.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

export type SnapshotMade =
  | { readonly ok: true; readonly entry: CatalogEntry }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export type SnapshotPlanned =
  | { readonly ok: true; readonly name: SnapshotName; readonly storage: string; readonly directory: FilePath }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** What `createSnapshot` would do; the name is as it would be now. Changes nothing. */
export async function planSnapshot(world: World): Promise<SnapshotPlanned> {
  const refusals = await reasonsNotToTake(world);
  if (refusals.length > 0) return { ok: false, refusals };
  const run = newRunId(world, "snapshot");
  const { directory } = areaLayout(world.database.backupArea);
  const name = formatSnapshotName({ run });
  return { ok: true, name, storage: world.database.storage, directory };
}

/**
 * A snapshot of the live area as it is, while nobody writes it. Its manifest is read back inside it before the catalog
 * gets its row. Refused with UMB-3166 where the area holds nothing that could be restored, UMB-3115 where each snapshot is
 * a full copy and there is no room for one.
 * Errors: UMB-8001 while a run is at work, UMB-8002 where one is open; UMB-9005 where the snapshot is not the area.
 */
export async function createSnapshot(world: World): Promise<SnapshotMade> {
  return await aside(world, "snapshot", (aRun) =>
    aRun.alone(async (): Promise<SnapshotMade> => {
      await refuseOpenRuns(world);
      const refusals = await reasonsNotToTake(world);
      if (refusals.length > 0) return { ok: false, refusals };
      const { database, snapshots, storages, signal } = world;
      if (snapshots === undefined || storages === undefined)
        throw new UmbraError("UMB-2008", { name: database.storage });
      const tag = { agent: storages.agent, database: database.name, run: aRun.run };
      const name = formatSnapshotName({ run: aRun.run });
      const call = { deadlineMs: database.deadlines.copyStallMs, signal };
      const taken = await snapshots.take({ name, tag }, call);
      const { storage, volume, directory } = taken;
      return { ok: true, entry: await catalogued(world, directory, { storage, volume, name }) };
    }),
  );
}

/** What lies in the snapshot goes into the catalog, if it is what lies in the area. */
async function catalogued(
  world: World,
  directory: FilePath,
  snapshot: NonNullable<CatalogEntry["snapshot"]>,
): Promise<CatalogEntry> {
  const live = await readManifest(world, areaLayout(world.database.backupArea).manifest);
  const path = layoutBelow(directory).manifest;
  const read = await readManifest(world, path);
  if (read?.ok !== true) {
    const problem = read === undefined ? "it is not in the snapshot" : read.problem;
    throw new UmbraError("UMB-9005", { path, problem });
  }
  if (read.text !== live?.text)
    throw new UmbraError("UMB-9005", { path, problem: "it is not that of the area" });
  const entry = { ...catalogEntry(read.manifest, read.text, directory), id: snapshot.name, snapshot };
  await world.state.catalog.add(entry);
  return entry;
}

async function reasonsNotToTake(world: World): Promise<readonly Refusal[]> {
  const { database, snapshots } = world;
  if (snapshots === undefined) throw new UmbraError("UMB-2008", { name: database.storage });
  const look = await lookAtArea(world);
  const { manifest, problem, state, damaged } = look;
  const todo = `\`umbra baseline ${database.name}\` makes the copies, \`umbra backup refresh\` brings them forward`;
  const no = (seen: string): readonly Refusal[] => [{ code: "UMB-3166", rule: 70, seen, todo }];
  if (manifest === undefined) return no(`there is nothing to keep in the live area (${problem ?? state})`);
  const { dirty } = manifest;
  if (dirty.length > 0) {
    return no(`${dirty.length} copies of the live area are half rewritten, since ${dirty[0]?.run ?? "?"}`);
  }
  if (damaged) return no("`umbra verify` found the live area damaged");
  return await withoutSpace(world, look);
}

/** Only where a snapshot is a full copy of the area: others take none when they are made. */
async function withoutSpace(world: World, look: AreaLook): Promise<readonly Refusal[]> {
  const { backupHost, database, snapshots, signal } = world;
  const call = { deadlineMs: database.deadlines.statementMs, signal };
  if ((await snapshots?.areInstant?.(call)) !== false) return [];
  const { directory } = areaLayout(database.backupArea);
  const free = await backupHost.freeBytes(directory, call);
  const { spareBytes } = database.backup;
  const needed = fullCopyBytes({ ...look, fullCopies: true });
  if (free >= needed + spareBytes) return [];
  const seen = `a snapshot is a full copy of the live area here, of ${formatBytes(needed)}; ${directory} has ${formatBytes(free)} free and ${formatBytes(spareBytes)} is to stay free`;
  return [{ code: "UMB-3115", seen, todo: "put the area on ZFS, btrfs or XFS, or free space" }];
}
