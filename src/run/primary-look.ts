import type { Located, StorageAdapter } from "../../storage-adapters/contract.ts";
import type { DatafileFacts } from "../domain/facts.ts";
import type { FilePath } from "../domain/names.ts";
import type { LocatedFile, PrimaryLook, PrimaryVolume } from "../domain/primary-look.ts";
import type { VolumeId } from "../domain/snapshot.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import type { StoragePlace, Storages } from "./storages.ts";
import type { World } from "./world.ts";
import { realPaths } from "../discover/real-paths.ts";

type LookWorld = Pick<World, "database" | "databaseHost" | "storages" | "signal">;
type Nowhere = PrimaryLook["nowhere"][number];

const NO_STORAGE: Storages = {
  agent: "",
  primary: [],
  open: (name) => Promise.reject(new TypeError(`no storage ${name}`)),
};

/**
 * Datafile to mount to volume: each file belongs to the configured storage that is nearest above it, links followed, and
 * the storage says on which volume it lies. Files that no storage has are an answer, not an error. Changes nothing.
 */
export async function lookAtPrimary(
  world: LookWorld,
  datafiles: readonly DatafileFacts[],
): Promise<PrimaryLook> {
  const { database, databaseHost, storages = NO_STORAGE, signal } = world;
  const call: SnapshotCall = { deadlineMs: database.deadlines.copyStallMs, signal };
  // Others are refused for what they are: in ASM, or without a path.
  const files = datafiles.filter(({ path }) => path.startsWith("/"));
  const paths = [...files, ...storages.primary].map(({ path }) => path);
  const real = await realPaths(databaseHost, paths, {
    deadlineMs: database.deadlines.statementMs,
    signal,
  });
  const resolved = (path: FilePath) => (real.get(path) ?? path) as FilePath;
  const places = storages.primary.map(({ name, path }) => ({ name, path: resolved(path) }));
  const found = new Map<number, LocatedFile>();
  const volumes: PrimaryVolume[] = [];
  const nowhere: Nowhere[] = [];
  for (const [place, own] of Map.groupBy(files, ({ path }) => nearest(places, resolved(path)))) {
    if (place === undefined) {
      const seen = "it is below the path of none of them";
      nowhere.push(...own.map(({ path }) => ({ path, seen })));
      continue;
    }
    const answer = await locateOn(storages, place.name, own, call);
    nowhere.push(...answer.nowhere);
    for (const [file, { volume, path, inside }] of answer.located) {
      found.set(file, { storage: place.name, volume: volume.id, path, inside });
    }
    if (answer.storage !== undefined) {
      const located = answer.located.map(([, one]) => one);
      volumes.push(...(await volumesOf(answer.storage, place.name, located, call)));
    }
  }
  const names = storages.primary.map(({ name }) => name);
  return { agent: storages.agent, storages: names, files: found, volumes, nowhere };
}

function nearest(places: readonly StoragePlace[], path: FilePath): StoragePlace | undefined {
  const above = places.filter((one) => one.path === "/" || path.startsWith(`${one.path}/`));
  return above.toSorted((a, b) => b.path.length - a.path.length)[0];
}

interface LocatedOn {
  readonly storage?: StorageAdapter;
  readonly located: readonly (readonly [number, Located])[];
  readonly nowhere: readonly Nowhere[];
}

/** All at once; where that fails, one by one, so that each wrong file is named. */
async function locateOn(
  storages: Storages,
  name: string,
  files: readonly DatafileFacts[],
  call: SnapshotCall,
): Promise<LocatedOn> {
  const opened = await orMessage(() => storages.open(name, call), call);
  if ("problem" in opened) {
    return { located: [], nowhere: files.map(({ path }) => ({ path, seen: opened.problem })) };
  }
  const storage = opened.value;
  const locate = (some: readonly DatafileFacts[]) =>
    orMessage(
      () =>
        storage.locate(
          some.map(({ path }) => path),
          call,
        ),
      call,
    );
  const located: (readonly [number, Located])[] = [];
  const nowhere: Nowhere[] = [];
  const all = await locate(files);
  const groups = "problem" in all ? files.map((file) => [file]) : [files];
  for (const group of groups) {
    const answer = group === files ? all : await locate(group);
    for (const [index, { file, path }] of group.entries()) {
      const one = "problem" in answer ? undefined : answer.value[index];
      if (one !== undefined) located.push([file, one]);
      else nowhere.push({ path, seen: "problem" in answer ? answer.problem : "it was not found" });
    }
  }
  return { storage, located, nowhere };
}

async function orMessage<T>(
  work: () => Promise<T>,
  { signal }: SnapshotCall,
): Promise<{ readonly value: T } | { readonly problem: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!isUmbraError(error) || signal?.aborted === true) throw error;
    return { problem: error.message };
  }
}

/** In the order in which files name them. Volumes of one set can be taken at one moment. */
async function volumesOf(
  storage: StorageAdapter,
  name: string,
  located: readonly Located[],
  call: SnapshotCall,
): Promise<readonly PrimaryVolume[]> {
  const mounts = new Map(located.map(({ volume }) => [volume.id, volume.mountPoint]));
  const ids = [...mounts.keys()];
  const sets = await setsOf(storage, ids, call);
  const volumes: PrimaryVolume[] = [];
  for (const [volume, mountPoint] of mounts) {
    const { instant, atomic, remarks } = await storage.describe(volume, call);
    const set = sets.findIndex((one) => one.includes(volume));
    volumes.push({ storage: name, volume, mountPoint, instant, atomic, remarks, set });
  }
  return volumes;
}

async function setsOf(
  { group }: StorageAdapter,
  volumes: readonly VolumeId[],
  call: SnapshotCall,
): Promise<readonly (readonly VolumeId[])[]> {
  if (group === undefined || volumes.length < 2) return volumes.map((volume) => [volume]);
  return await group.sets(volumes, call);
}
