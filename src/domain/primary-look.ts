import type { FilePath } from "./names.ts";
import type { VolumeId } from "./snapshot.ts";

/** Where the datafiles of a database lie, in the words of the configured storages. Plain data: the planner needs nothing else. */
export interface PrimaryLook {
  /** This installation of umbra, as it stands in tags. */
  readonly agent: string;
  /** Storages on the database's host that can take snapshots, as the configuration names them. */
  readonly storages: readonly string[];
  /** By file number. */
  readonly files: ReadonlyMap<number, LocatedFile>;
  readonly volumes: readonly PrimaryVolume[];
  /** Files that no storage has, and what was said of them. */
  readonly nowhere: readonly { readonly path: FilePath; readonly seen: string }[];
}

export interface LocatedFile {
  readonly storage: string;
  readonly volume: VolumeId;
  /** Without symbolic links. */
  readonly path: FilePath;
  /** Below the volume's mount point. */
  readonly inside: string;
}

/** A volume that holds datafiles. */
export interface PrimaryVolume {
  readonly storage: string;
  readonly volume: VolumeId;
  readonly mountPoint: FilePath;
  /** False: taking it lasts as long as copying it. */
  readonly instant: boolean;
  /** False: its files are taken one after the other. */
  readonly atomic: boolean;
  readonly remarks: readonly string[];
  /** Volumes of one storage with the same number can be taken at one moment. */
  readonly set: number;
}
