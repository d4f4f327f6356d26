import type { HostConfig, OracleClientConfig, StorageConfig } from "../domain/fleet.ts";
import type { FilePath } from "../domain/names.ts";
import { decodeHost } from "./decode-host.ts";
import { mapAt } from "./documents.ts";
import { hostSchema } from "./host-schema.ts";
import { type ConfigPath, entryAt, type Located, type Place, placeOf, plain } from "./located.ts";
import { fileSchema, storageSchema } from "./schema.ts";

/** Machines and storages, each right in itself; `names` holds the others too. */
export interface DraftPart<T> {
  readonly configs: ReadonlyMap<string, T>;
  readonly names: readonly string[];
  /** Where the name of one of them is written. */
  readonly keyPlace: (name: string) => Place;
  /** Where a setting of one of them is written. */
  readonly place: (path: ConfigPath) => Place;
}

export function storagesOf(tree: Located): DraftPart<StorageConfig> {
  return partOf(tree, "storages", (name, written) => {
    const decoded = storageSchema.safeParse(written);
    if (!decoded.success) return undefined;
    const { path, host, snapshots } = decoded.data;
    return {
      name,
      path: path as FilePath,
      ...(host === undefined ? {} : { host }),
      ...(snapshots === undefined ? {} : { snapshots }),
    };
  });
}

export function hostsOf(tree: Located): DraftPart<HostConfig> {
  return partOf(tree, "hosts", (name, written) => {
    const decoded = hostSchema.safeParse(written);
    return decoded.success ? decodeHost(name, decoded.data) : undefined;
  });
}

function partOf<T>(
  tree: Located,
  section: string,
  decode: (name: string, written: unknown) => T | undefined,
): DraftPart<T> {
  const configs = new Map<string, T>();
  const entries = mapAt(tree, section);
  for (const [name, entry] of entries) {
    const config = decode(name, plain(entry.value));
    if (config !== undefined) configs.set(name, config);
  }
  return {
    configs,
    names: [...entries.keys()],
    keyPlace: (name) => entries.get(name)?.key ?? tree.at,
    place: (path) => placeOf(tree, [section, ...path]),
  };
}

export function oracleClientOf(tree: Located): OracleClientConfig | undefined {
  const written = entryAt(tree, ["oracle-client"]);
  if (written === undefined) return undefined;
  const decoded = fileSchema.shape["oracle-client"].safeParse(plain(written.value));
  if (decoded.data === undefined) return undefined;
  const directory = decoded.data["config-dir"];
  return {
    libDirectory: decoded.data["lib-dir"] as FilePath,
    ...(directory === undefined ? {} : { configDirectory: directory as FilePath }),
  };
}
