import { afterAll, describe, expect, test, type TestContext } from "vitest";

import type { FilePath, RunId } from "../../../src/domain/names.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { StorageAdapter } from "../../../storage-adapters/contract.ts";
import {
  type Facet,
  keepPromise,
  promisesOf,
  type PromiseSetting,
  storagePromises,
} from "../../../storage-adapters/promises.ts";

/** A storage to try: everything that it needs is made by `open`, and gone when it is disposed of. */
export interface StorageRig extends AsyncDisposable {
  readonly storage: StorageAdapter;
  readonly files: Host;
  readonly scratch: FilePath;
}

/** For programs on a machine that does other work as well. */
export const limits = { deadlineMs: 20_000 };

/** Some promises are dozens of calls of programs, each with the limits above. */
const patient = { timeout: 120_000 };

export type Skipping = Pick<TestContext, "skip">;
export type OpenRig = (context: Skipping) => Promise<StorageRig>;

/** Everything that an adapter promises, on a real storage. One storage for all: each promise has a directory of its own. */
export function keepsThePromisesOfAStorage(name: string, facets: readonly Facet[], open: OpenRig): void {
  describe(name, () => {
    let opened: Promise<StorageRig> | undefined;
    afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());

    /** Opened by the first test; where it cannot be had, each test says so. */
    const setting = async (context: Skipping): Promise<PromiseSetting> => {
      opened ??= open(context).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      const { storage, files, scratch } = await opened;
      const run = "20261121T151600Z-verify-4f2a91" as RunId;
      return { storage, files, scratch, limits, run, agent: "test" };
    };

    test("it has the facets that its documentation names", async (context) => {
      const { storage } = await setting(context);
      const found = (["group", "clone", "hold", "lock", "changedBlocks", "byHand"] as const).filter(
        (facet) => storage[facet] !== undefined,
      );
      expect(found).toEqual(facets);
      expect(promisesOf(storage).every(({ needs }) => needs === undefined || facets.includes(needs))).toBe(
        true,
      );
    });

    const made = storagePromises.filter(({ needs }) => needs === undefined || facets.includes(needs));
    test.for(made)("$promise", patient, async (kept, context) => {
      await expect(keepPromise(await setting(context), kept)).resolves.toBeUndefined();
    });
  });
}
