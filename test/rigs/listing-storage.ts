import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { FileChange, Located, StorageAdapter } from "../../storage-adapters/contract.ts";
import { joinedExtents } from "../../storage-adapters/extents.ts";
import { instant } from "../../src/domain/instant.ts";
import type { FilePath } from "../../src/domain/names.ts";
import {
  formatTag,
  type OwnershipTag,
  parseTag,
  type SnapshotName,
  type VolumeId,
} from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { Storages } from "../../src/run/storages.ts";

/** What this storage keeps together: a change is told as the whole of it. */
const GRAIN = 4096;
const VOLUME = "prod" as VolumeId;
const TAG = ".tag";

export interface ListingStorage {
  readonly storages: Storages;
  /** The names of its snapshots. */
  snapshots(): readonly string[];
}

/**
 * The database's storage, in this process: its snapshots are copies of the files, and it lists what differs between two.
 * `change` replaces parts of it: what a storage does otherwise.
 */
export function listingStorage(
  top: string,
  directory: string,
  change: (storage: StorageAdapter) => StorageAdapter = (storage) => storage,
): ListingStorage {
  const place = (name: string) => join(directory, name);
  const storage = change(adapter(top, place, () => namesIn(directory)));
  return {
    storages: {
      agent: "test",
      primary: [{ name: "primary", path: top as FilePath }],
      open: () => Promise.resolve(storage),
    },
    snapshots: () => namesIn(directory),
  };
}

function adapter(
  top: string,
  place: (name: string) => string,
  names: () => readonly SnapshotName[],
): StorageAdapter {
  const tagOf = (name: string): OwnershipTag | undefined => {
    return parseTag(readFileSync(join(place(name), TAG), "utf8"));
  };
  const snapshotOf = (name: SnapshotName) => {
    const tag = tagOf(name);
    const known = { volume: VOLUME, name, id: name, createdAt: instant(0), heldBy: [] };
    return tag === undefined ? known : { ...known, tag };
  };
  const view = (name: string) => ({ root: place(name) as FilePath });
  return {
    name: "primary",
    system: "copies in a directory",
    locate: async (paths) => paths.map((path) => located(top, path)),
    describe: async () => ({ instant: true, atomic: true, remarks: [] }),
    createSnapshot: async ({ name, tag, paths }) => {
      if (existsSync(place(name))) return;
      for (const path of paths) {
        const target = join(place(name), located(top, path).inside);
        mkdirSync(dirname(target), { recursive: true });
        cpSync(path, target, { recursive: true });
      }
      writeFileSync(join(place(name), TAG), formatTag(tag));
    },
    findSnapshot: async ({ name }) => (names().includes(name) ? snapshotOf(name) : undefined),
    listSnapshots: async () => names().map(snapshotOf),
    deleteSnapshot: async ({ name }) => rmSync(place(name), { recursive: true, force: true }),
    showSnapshot: async ({ name }) => view(name),
    visibleAt: async () => view,
    hideSnapshot: async () => {},
    space: async () => ({ totalBytes: 0, freeBytes: 0 }),
    changedBlocks: {
      between: async ({ earlier, later, files }) => {
        for (const name of [earlier, later])
          if (!names().includes(name)) throw new UmbraError("UMB-6306", { storage: "primary", what: name });
        return files.map((inside) => changeOf(inside, place(earlier), place(later)));
      },
    },
  };
}

function located(top: string, path: string): Located {
  const inside = path.slice(top.length + 1);
  return { volume: { id: VOLUME, mountPoint: top as FilePath }, path: path as FilePath, inside };
}

function namesIn(directory: string): readonly SnapshotName[] {
  return existsSync(directory) ? (readdirSync(directory).toSorted() as SnapshotName[]) : [];
}

function changeOf(inside: string, earlier: string, later: string): FileChange | undefined {
  if (!existsSync(join(earlier, inside)) || !existsSync(join(later, inside))) return undefined;
  const [before, after] = [readFileSync(join(earlier, inside)), readFileSync(join(later, inside))];
  const extents = [];
  for (let offset = 0; offset < after.length; offset += GRAIN) {
    const end = offset + GRAIN;
    if (before.subarray(offset, end).equals(after.subarray(offset, end))) continue;
    extents.push({ offset, length: GRAIN });
  }
  return { inside, bytes: after.length, extents: joinedExtents(extents, after.length) };
}
