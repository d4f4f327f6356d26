import {
  keepPromise,
  promisesOf,
  type PromiseSetting,
  type StoragePromise,
  storagePromises,
} from "../../storage-adapters/promises.ts";
import { messageOf } from "./failure-words.ts";

export interface TriedPromise {
  readonly promise: string;
  readonly outcome: "ok" | "failed" | "not offered";
  /** What was seen instead; the facet that is not there. */
  readonly note?: string;
}

/**
 * Tries every promise of the contract on a storage, one after the other, each in a directory of its own that is removed
 * whatever happens. Throws only what stopped it from outside.
 */
export async function verifyStorage(
  setting: PromiseSetting,
  told: (tried: TriedPromise) => void = () => {},
): Promise<readonly TriedPromise[]> {
  const offered = new Set(promisesOf(setting.storage));
  const all: TriedPromise[] = [];
  for (const promise of storagePromises) {
    setting.limits.signal?.throwIfAborted();
    const tried = offered.has(promise) ? await tryOne(setting, promise) : notOffered(promise);
    all.push(tried);
    told(tried);
  }
  return all;
}

async function tryOne(setting: PromiseSetting, kept: StoragePromise): Promise<TriedPromise> {
  const { promise } = kept;
  try {
    await keepPromise(setting, kept);
    return { promise, outcome: "ok" };
  } catch (error) {
    if (setting.limits.signal?.aborted === true) throw error;
    return { promise, outcome: "failed", note: messageOf(error) };
  }
}

function notOffered({ promise, needs }: StoragePromise): TriedPromise {
  return { promise, outcome: "not offered", ...(needs === undefined ? {} : { note: `no ${needs}` }) };
}
