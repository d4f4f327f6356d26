import { isDeepStrictEqual } from "node:util";

import type { FilePath, RunId } from "../../src/domain/names.ts";
import {
  formatSnapshotName,
  type OwnershipTag,
  type Snapshot,
  type SnapshotName,
  type VolumeId,
} from "../../src/domain/snapshot.ts";
import { isUmbraError } from "../../src/errors/umbra-error.ts";
import type { Host } from "../../src/ports/host.ts";
import { type CallLimits, type Located, pathInView, type StorageAdapter } from "../contract.ts";

/** Where promises are tried: a test's file system, or a directory that a user names on a storage of theirs. */
export interface PromiseSetting {
  readonly storage: StorageAdapter;
  /** The storage's host: reads and writes the files whose snapshots are taken. */
  readonly files: Pick<Host, "read" | "run" | "writeAtomically" | "makeDirectory" | "remove">;
  /** A directory on the storage. A directory is made in it for each promise, and removed. */
  readonly scratch: FilePath;
  readonly limits: CallLimits;
  /** Goes into the names and tags of all that is made, and is unique to this trial. */
  readonly run: RunId;
  readonly agent: string;
}

/** What one promise works with. All that it makes is removed by `keepPromise`. */
export interface PromiseRig {
  readonly storage: StorageAdapter;
  readonly limits: CallLimits;
  readonly directory: FilePath;
  readonly volume: VolumeId;
  readonly tag: OwnershipTag;
  /** A tag that is just like ours, of another run. */
  readonly foreignTag: OwnershipTag;
  /** A name that was never given before. */
  freshName(): SnapshotName;
  write(name: string, content: string): Promise<FilePath>;
  /** Changes bytes in the middle of a file that is there. */
  overwrite(path: FilePath, offset: number, content: string): Promise<void>;
  readText(path: FilePath): Promise<string>;
  /** One line, as a person types it. */
  shell(line: string): Promise<void>;
  isThere(path: FilePath): Promise<boolean>;
  locate(path: FilePath): Promise<Located>;
  take(name: SnapshotName, paths: readonly FilePath[], tag?: OwnershipTag): Promise<Snapshot>;
  /** What a file holds in a snapshot. */
  readFrom(name: SnapshotName, path: FilePath): Promise<string>;
  named(name: SnapshotName): Promise<readonly Snapshot[]>;
}

/** What a storage was seen to do instead of what its adapter promises. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

export function mustBe(what: string, seen: unknown, wanted: unknown): void {
  if (isDeepStrictEqual(seen, wanted)) return;
  throw new BrokenPromise(`${what}: ${shown(seen)} instead of ${shown(wanted)}`);
}

export function mustHold(what: string, holds: boolean): asserts holds {
  if (!holds) throw new BrokenPromise(what);
}

/** What never changes of a snapshot: its own space grows with what is overwritten, and holders come and go. */
export function lasting(snapshot: Snapshot): Snapshot {
  return { ...snapshot, uniqueBytes: 0, heldBy: [] };
}

/** The error of a call that must be refused with this code. */
export async function mustRefuse(what: string, code: string, call: Promise<unknown>): Promise<Error> {
  const error = await errorOf(call);
  if (isUmbraError(error) && error.code === code) return error;
  throw new BrokenPromise(
    `${what}: refused with ${code} was promised, but ${error?.message ?? "it was done"}`,
    {
      cause: error,
    },
  );
}

/** undefined where the call did what it was asked for. */
export async function errorOf(call: Promise<unknown>): Promise<Error | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return error instanceof Error
      ? error
      : new Error("something that is no error was thrown", { cause: error });
  }
}

function shown(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "nothing"
  );
}

export async function openRig(
  setting: PromiseSetting,
  ordinal: number,
): Promise<PromiseRig & AsyncDisposable> {
  const { storage, files, limits, run, agent } = setting;
  const directory = `${setting.scratch}/umbra-promise-${run}-${ordinal}` as FilePath;
  await files.makeDirectory(directory, limits);
  const { volume } = await locateOne(setting, directory);
  const tag: OwnershipTag = { agent, database: "umbra-verify" as OwnershipTag["database"], run };
  const foreignTag = { ...tag, run: `${run}-other` as RunId };
  const given: SnapshotName[] = [];
  const written = new Set<FilePath>();
  const rig = { storage, limits, directory, volume: volume.id, tag, foreignTag };
  return {
    ...rig,
    ...fileWork(setting, directory, written),
    freshName: () => {
      const name = formatSnapshotName({ run, label: `p${ordinal}n${given.length}` });
      given.push(name);
      return name;
    },
    take: async (name, paths, as = tag) => {
      await storage.createSnapshot({ volume: volume.id, name, tag: as, paths }, limits);
      const made = await storage.findSnapshot({ volume: volume.id, name }, limits);
      if (made === undefined) throw new BrokenPromise(`${name} was made and is not found`);
      return made;
    },
    readFrom: async (name, path) => {
      const view = await storage.showSnapshot({ volume: volume.id, name, tag }, limits);
      return await readText(setting, pathInView(view, await locateOne(setting, path)));
    },
    named: async (name) =>
      (await storage.listSnapshots(volume.id, limits)).filter((one) => one.name === name),
    [Symbol.asyncDispose]: async () => {
      await cleared(storage, { volume: volume.id, limits }, given, [tag, foreignTag]);
      for (const path of written) await files.remove(path, limits);
      await files.remove(directory, limits);
    },
  };
}

function fileWork(
  setting: PromiseSetting,
  directory: FilePath,
  written: Set<FilePath>,
): Pick<PromiseRig, "write" | "overwrite" | "readText" | "shell" | "isThere" | "locate"> {
  const { files, limits } = setting;
  const run = { ...limits, maxOutputBytes: 2 ** 20 };
  return {
    write: async (name, content) => {
      const path = `${directory}/${name}` as FilePath;
      written.add(path);
      await files.writeAtomically(path, Buffer.from(content, "latin1"), limits);
      return path;
    },
    overwrite: async (path, offset, content) => {
      const dd = ["dd", `of=${path}`, "bs=64K", "conv=notrunc,fsync", "oflag=seek_bytes", `seek=${offset}`];
      const input = Buffer.from(content, "latin1");
      const { status, stderr } = await files.run(dd, { ...run, input });
      if (status !== 0) throw new BrokenPromise(`${path} cannot be written: ${stderr.toString()}`);
    },
    readText: (path) => readText(setting, path),
    shell: async (line) => {
      const { status, stderr } = await files.run(["sh", "-c", line], run);
      if (status !== 0) throw new BrokenPromise(`${line}: ${stderr.toString()}`);
    },
    isThere: async (path) => (await files.run(["test", "-e", path], run)).status === 0,
    locate: (path) => locateOne(setting, path),
  };
}

async function readText({ files, limits }: PromiseSetting, path: FilePath): Promise<string> {
  return (await files.read(path, { offset: 0, length: 2 ** 24 }, limits)).toString("latin1");
}

async function locateOne({ storage, limits }: PromiseSetting, path: FilePath): Promise<Located> {
  const [located] = await storage.locate([path], limits);
  if (located === undefined) throw new BrokenPromise("locate gave no answer for a path");
  return located;
}

/** Everything with one of the names, whichever of our tags it has. */
async function cleared(
  storage: StorageAdapter,
  { volume, limits }: { volume: VolumeId; limits: CallLimits },
  names: readonly SnapshotName[],
  tags: readonly OwnershipTag[],
): Promise<void> {
  const ours = (await storage.clone?.list(volume, limits)) ?? [];
  for (const clone of ours.filter(({ snapshot }) => names.includes(snapshot.name))) {
    await storage.clone?.drop({ ...clone.snapshot, clone: clone.name, tag: clone.tag }, limits);
  }
  const listed = await storage.listSnapshots(volume, limits);
  for (const name of names) {
    const tag = listed.find((one) => one.name === name)?.tag ?? tags[0];
    if (tag === undefined) continue;
    const owned = { volume, name, tag };
    await storage.hideSnapshot(owned, limits);
    if (storage.hold !== undefined && listed.some((one) => one.name === name)) {
      for (const { id } of await storage.hold.list(owned, limits)) {
        await storage.hold.release({ ...owned, id }, limits);
      }
    }
    await storage.deleteSnapshot(owned, limits);
  }
}
