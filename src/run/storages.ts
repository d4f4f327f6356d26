import type { StorageAdapter } from "../../storage-adapters/contract.ts";
import type { FilePath } from "../domain/names.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";

/** A storage, and the path below which its files are. */
export interface StoragePlace {
  readonly name: string;
  readonly path: FilePath;
}

/** The storages of the configuration whose snapshots umbra takes. */
export interface Storages {
  /** Ready to be asked. UMB-2008 for a name without snapshots in the configuration, UMB-6310 where it cannot be used. */
  open(name: string, call: SnapshotCall): Promise<StorageAdapter>;
  /** This installation of umbra, as it stands in the tags of what it makes. */
  readonly agent: string;
  /** Those whose snapshots can be read on the database's host. */
  readonly primary: readonly StoragePlace[];
}
