import { posix } from "node:path";

import type { z } from "zod";

import type { HostConfig, StorageConfig } from "../domain/fleet.ts";
import type { DatabaseName, FilePath } from "../domain/names.ts";
import type { DraftPart } from "./draft-parts.ts";
import type { instanceSchema } from "./instance-schema.ts";
import {
  type ConfigPath,
  entryAt,
  type Located,
  type LocatedEntry,
  type Place,
  placeOf,
  plain,
} from "./located.ts";
import { settingSchemas } from "./schema.ts";

/** What the rules between the parts look at. A setting that is missing or wrong in itself is `undefined` here. */
export interface Draft {
  readonly databases: readonly DraftDatabase[];
  readonly storages: DraftPart<StorageConfig>;
  readonly hosts: DraftPart<HostConfig>;
  /** It is written, right or wrong in itself. */
  readonly oracleClient: boolean;
  readonly stateDirectory: FilePath | undefined;
  readonly statePlace: Place;
  readonly agent: string | undefined;
}

export interface DraftDatabase {
  readonly name: DatabaseName;
  readonly dbid: string | undefined;
  readonly host: string | undefined;
  /** Empty also where it is wrong in itself. */
  readonly standbys: readonly string[];
  readonly instance: z.output<typeof instanceSchema> | undefined;
  readonly storage: string | undefined;
  readonly backupArea: FilePath | undefined;
  readonly connectString: string | undefined;
  /** After inheritance: each value with the place that set it. */
  readonly tree: Located;
  /** Where the value at the path is written, or the database's own entry where it is nowhere. */
  readonly place: (path: ConfigPath) => Place;
}

export function draftDatabase(
  name: string,
  own: LocatedEntry,
  tree: Located,
  storages: ReadonlyMap<string, StorageConfig>,
): DraftDatabase {
  const at = (path: ConfigPath) => {
    const entry = entryAt(tree, path);
    return entry === undefined ? undefined : plain(entry.value);
  };
  const storage = settingSchemas.storage.safeParse(at(["storage"])).data;
  return {
    name: name as DatabaseName,
    dbid: settingSchemas.dbid.safeParse(at(["dbid"])).data,
    host: settingSchemas.host.safeParse(at(["host"])).data,
    standbys: settingSchemas.standbys.safeParse(at(["standbys"])).data ?? [],
    instance: settingSchemas.instance.safeParse(at(["instance"])).data,
    storage,
    backupArea: areaOf(
      name,
      settingSchemas.backupArea.safeParse(at(["backup-area"])).data,
      storages.get(storage ?? ""),
    ),
    connectString: settingSchemas.connectString.safeParse(at(["connect"])).data,
    tree,
    place: (path) => (entryAt(tree, path) === undefined ? own.key : placeOf(tree, path)),
  };
}

/** `<storage path>/<database name>` unless it is written. */
function areaOf(
  name: string,
  written: string | undefined,
  storage: StorageConfig | undefined,
): FilePath | undefined {
  if (written !== undefined) return written as FilePath;
  return storage === undefined ? undefined : (posix.join(storage.path, name) as FilePath);
}
