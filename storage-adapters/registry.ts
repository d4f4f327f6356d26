import { openBtrfs } from "./btrfs/btrfs.ts";
import type { StorageHost } from "./commands.ts";
import type { CallLimits, StorageAdapter } from "./contract.ts";
import { openOpenZfs } from "./openzfs/openzfs.ts";
import { openReflink } from "./reflink/reflink.ts";
import { type StorageSettings, type StorageSettingsInput, storageSettings } from "./settings.ts";

type Open<S> = (name: string, settings: S, host: StorageHost, limits: CallLimits) => Promise<StorageAdapter>;

/** Every adapter, by its `kind` in the configuration. A kind in `settings.ts` does not compile until it is here. */
const adapters: { readonly [K in StorageSettings["kind"]]: Open<Extract<StorageSettings, { kind: K }>> } = {
  btrfs: openBtrfs,
  openzfs: openOpenZfs,
  reflink: openReflink,
};

export interface SettingsProblem {
  /** Where in the storage's settings: `["prefix", 0]`. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

export type ReadSettings =
  | { readonly ok: true; readonly settings: StorageSettings }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/** All that is wrong with a storage's settings, at once. */
export function readStorageSettings(given: unknown): ReadSettings {
  const read = storageSettings.safeParse(given);
  if (read.success) return { ok: true, settings: read.data };
  const problems = read.error.issues.map(({ path, message }) => ({
    path: path.map((key) => (typeof key === "symbol" ? String(key) : key)),
    text: message,
  }));
  return { ok: false, problems };
}

/**
 * The adapter of a configured storage, ready: its program was found and answered, and its facets are those of this
 * system. UMB-6310 where it cannot be used. `host` is the machine on which the storage's program runs.
 */
export async function openStorage(
  name: string,
  settings: StorageSettingsInput,
  host: StorageHost,
  limits: CallLimits,
): Promise<StorageAdapter> {
  const known = storageSettings.parse(settings);
  // The table has for each kind what opens its settings; that it is this kind's is known to readers only.
  const open = adapters[known.kind] as Open<StorageSettings>;
  return await open(name, known, host, limits);
}
