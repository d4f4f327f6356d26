import { createAreaSnapshots } from "../../storage-adapters/area-snapshots.ts";
import type { StorageAdapter } from "../../storage-adapters/contract.ts";
import { createPictureTaker } from "../../storage-adapters/picture-taker.ts";
import { type PicturePlace, picturesByPlace } from "../../storage-adapters/pictures-by-place.ts";
import { openReflink } from "../../storage-adapters/reflink/reflink.ts";
import { openStorage, readStorageSettings } from "../../storage-adapters/registry.ts";
import { type DatabaseConfig, type Fleet, HERE } from "../domain/fleet.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { areaLayout } from "../plan/area-layout.ts";
import type { Host } from "../ports/host.ts";
import type { PictureTaker } from "../ports/picture.ts";
import type { AreaSnapshots, SnapshotCall } from "../ports/snapshots.ts";
import type { StoragePlace, Storages } from "../run/storages.ts";
import type { Agent } from "./agent.ts";
import type { OpenHosts } from "./open-hosts.ts";

/** Where a storage's program runs: on the storage's host, else on the database's. */
export function storageHostName(fleet: Fleet, name: string, database?: DatabaseConfig): string {
  const users = [...fleet.databases.values()].filter(({ storage }) => storage === name);
  return fleet.storages.get(name)?.host ?? (database ?? users[0])?.host ?? HERE;
}

/** Each adapter is opened when it is first asked for; one that could not be opened is tried again. */
export function storagesOf(
  fleet: Fleet,
  hosts: OpenHosts,
  agent: Agent,
  database?: DatabaseConfig,
): Storages {
  const opened = new Map<string, Promise<StorageAdapter>>();
  const open = async (name: string, call: SnapshotCall) => {
    const settings = fleet.storages.get(name)?.snapshots;
    if (settings === undefined) throw new UmbraError("UMB-2008", { name });
    const read = readStorageSettings(settings);
    // The configuration was checked when it was loaded.
    if (!read.ok) throw new TypeError(`settings of storage ${name}: ${read.problems[0]?.text ?? ""}`);
    return await openStorage(name, read.settings, hosts.named(storageHostName(fleet, name, database)), call);
  };
  return {
    agent: agent.name,
    primary: database === undefined ? [] : onDatabaseHost(fleet, database),
    open: async (name, call) => {
      agent.tell();
      const known = opened.get(name) ?? open(name, call);
      opened.set(name, known);
      try {
        return await known;
      } catch (error) {
        opened.delete(name);
        throw error;
      }
    },
  };
}

/** Undefined where the configuration does not say what takes snapshots of the backup area's storage. */
export function areaSnapshots(
  fleet: Fleet,
  storages: Storages,
  { name, storage, backupArea }: DatabaseConfig,
): AreaSnapshots | undefined {
  if (fleet.storages.get(storage)?.snapshots === undefined) return undefined;
  return createAreaSnapshots({
    open: (call) => storages.open(storage, call),
    database: name,
    directory: areaLayout(backupArea).directory,
  });
}

/** Storages whose program runs on the database's host: others show their snapshots elsewhere. */
function onDatabaseHost(fleet: Fleet, database: DatabaseConfig): readonly StoragePlace[] {
  return [...fleet.storages.values()]
    .filter(({ snapshots }) => snapshots !== undefined)
    .filter(({ name }) => storageHostName(fleet, name, database) === (database.host ?? HERE))
    .map(({ name, path }) => ({ name, path }));
}

/**
 * Pictures of the datafiles: by the storages of the configuration whose path they lie below, for the others by their file
 * system. A storage whose program runs on another machine shows its snapshots there: it takes no part.
 */
export function picturesOf(
  fleet: Fleet,
  storages: Storages,
  database: DatabaseConfig,
  databaseHost: Host,
): PictureTaker {
  const owner = { agent: storages.agent, database: database.name };
  const places = onDatabaseHost(fleet, database).map(({ name, path }): PicturePlace => {
    return { path, taker: createPictureTaker({ open: (call) => storages.open(name, call), ...owner }) };
  });
  // Whether their file system shares blocks is tried, not configured.
  const byFileSystem = createPictureTaker({
    open: (call) => openReflink("of the datafiles", { kind: "reflink" }, databaseHost, call),
    ...owner,
  });
  return picturesByPlace(places, byFileSystem);
}
