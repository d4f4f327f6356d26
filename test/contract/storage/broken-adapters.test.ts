import { mkdirSync } from "node:fs";

import { expect, onTestFinished, test } from "vitest";

import type { FilePath, RunId } from "../../../src/domain/names.ts";
import type { StorageAdapter } from "../../../storage-adapters/contract.ts";
import { keepPromise, storagePromises } from "../../../storage-adapters/promises.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { filesHere } from "./files-here.ts";
import { limits } from "./storage-promises.ts";

/** What an adapter could get wrong, and the promise that must tell. */
const faults: readonly [fault: string, told: string, (good: StorageAdapter) => Partial<StorageAdapter>][] = [
  ["deletes nothing", "a deleted snapshot is gone", () => ({ deleteSnapshot: () => Promise.resolve() })],
  [
    "deletes what is not its own",
    "a snapshot of another run is not deleted",
    (good) => ({
      deleteSnapshot: async (request, given) => {
        const found = await good.findSnapshot(request, given);
        await good.deleteSnapshot({ ...request, tag: found?.tag ?? request.tag }, given);
      },
    }),
  ],
  [
    "makes a new snapshot under an old name",
    "a snapshot that was made once is not made again",
    (good) => ({
      createSnapshot: async (request, given) => {
        await good.deleteSnapshot(request, given);
        await good.createSnapshot(request, given);
      },
    }),
  ],
  [
    "forgets tags",
    "snapshots are listed with their tags",
    (good) => ({
      listSnapshots: async (...call) =>
        (await good.listSnapshots(...call)).map(({ tag: _tag, ...others }) => others),
    }),
  ],
  [
    "lists as it comes",
    "snapshots are listed with their tags, oldest first",
    (good) => ({ listSnapshots: async (...call) => (await good.listSnapshots(...call)).toReversed() }),
  ],
  [
    "shows the files of today",
    "a file is read from its snapshot as it was",
    (good) => ({
      showSnapshot: async (request, given) => {
        await good.showSnapshot(request, given);
        return { root: request.volume as string as FilePath };
      },
    }),
  ],
  [
    "shows what is not there",
    "a snapshot that is not there cannot be shown",
    () => ({ showSnapshot: ({ volume }) => Promise.resolve({ root: volume as string as FilePath }) }),
  ],
  [
    "does not hear the signal",
    "a call whose signal has fired",
    (good) => ({
      createSnapshot: (request, { deadlineMs }) => good.createSnapshot(request, { deadlineMs }),
    }),
  ],
];

test.for(faults)("an adapter that %s breaks its promise", async ([, told, fault]) => {
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  mkdirSync(`${scratch.path}/kept`);
  const files = filesHere();
  const good = await openStorage("s", { kind: "reflink", directory: `${scratch.path}/kept` }, files, limits);
  const run = "20261121T151600Z-verify-4f2a91" as RunId;
  const setting = { files, scratch: scratch.path as FilePath, limits, run, agent: "test" };
  const promise = storagePromises.find((one) => one.promise.startsWith(told));
  if (promise === undefined) throw new Error(`no promise begins with ${told}`);
  await expect(keepPromise({ ...setting, storage: good }, promise)).resolves.toBeUndefined();
  const broken = { ...good, ...fault(good) };
  await expect(keepPromise({ ...setting, storage: broken }, promise)).rejects.toThrow(
    expect.objectContaining({ name: "BrokenPromise" }),
  );
});
