import type { StorageAdapter } from "./contract.ts";
import { byHandPromises } from "./promises/by-hand.ts";
import { clonePromises } from "./promises/clone.ts";
import { changedBlocksPromises } from "./promises/changed-blocks.ts";
import { corePromises } from "./promises/core.ts";
import { deletionPromises } from "./promises/deletion.ts";
import { groupPromises } from "./promises/group.ts";
import { holdPromises } from "./promises/hold.ts";
import { interruptedPromises } from "./promises/interrupted.ts";
import { openRig, type PromiseRig, type PromiseSetting } from "./promises/rig.ts";

export type { PromiseSetting } from "./promises/rig.ts";

export type Facet = "group" | "clone" | "hold" | "lock" | "changedBlocks" | "byHand";

/** One sentence of the contract, and how it is tried on a real storage. No test runner is needed. */
export interface StoragePromise {
  readonly promise: string;
  /** Only storages with this facet promise it. */
  readonly needs?: Facet;
  /** Throws a `BrokenPromise` that says what was seen, or whatever the adapter throws. */
  readonly keep: (rig: PromiseRig) => Promise<void>;
}

export const storagePromises: readonly StoragePromise[] = [
  ...corePromises,
  ...deletionPromises,
  ...interruptedPromises,
  ...groupPromises,
  ...clonePromises,
  ...holdPromises,
  ...changedBlocksPromises,
  ...byHandPromises,
];

/** Those that a storage makes. */
export function promisesOf(storage: StorageAdapter): readonly StoragePromise[] {
  return storagePromises.filter(({ needs }) => needs === undefined || storage[needs] !== undefined);
}

/** Tries one promise on a storage, in a directory of its own, and removes what it made whatever the outcome. */
export async function keepPromise(setting: PromiseSetting, kept: StoragePromise): Promise<void> {
  await using rig = await openRig(setting, storagePromises.indexOf(kept));
  await kept.keep(rig);
}
