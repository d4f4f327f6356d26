import type { RefreshedManifest } from "./manifest.ts";
import type { LocatedFile } from "./primary-look.ts";
import type { RmanCopy } from "./rman.ts";
import type { Scn } from "./scn.ts";

/** What a plan must know of the live backup area beside the facts of the database. */
export interface AreaLook {
  /** `foreign`: something is there that umbra did not mark as its own. */
  readonly state: "absent" | "foreign" | "empty" | "used";
  readonly manifest?: RefreshedManifest;
  /** Why there is no manifest although the area is used: it cannot be read, or is of something else. */
  readonly problem?: string;
  /** Every file in data/ whose name is that of a copy. */
  readonly copies: readonly AreaCopy[];
  /** The database's host can bring a copy forward in place. */
  readonly canRefresh: boolean;
  /** There is storage that takes snapshots of the area. */
  readonly canSnapshot: boolean;
  /** Each snapshot of the area is a full copy of it; absent where it is not, or nothing tells. */
  readonly fullCopies?: true;
  /** Copies under umbra's tag that RMAN knows; absent where RMAN is not the engine. */
  readonly rman?: readonly RmanCopy[];
  /** Where the datafiles lie on storages that list changes; absent where no list is wanted. */
  readonly listed?: ListedLook;
  /** `umbra verify` found the area damaged since its last refresh. */
  readonly damaged: boolean;
}

export interface ListedLook {
  /** By file number. */
  readonly files: ReadonlyMap<number, Pick<LocatedFile, "storage" | "volume" | "inside">>;
  /** Why the others are not listed, a sentence each. */
  readonly whyNot: readonly string[];
}

/** An image copy as it lies in the area, by its name and its own header. */
export interface AreaCopy {
  /** Below the area: `data/7_1024_users01.dbf`. */
  readonly name: string;
  readonly bytes: number;
  /** By its name. */
  readonly file: number;
  readonly creationScn: Scn;
  readonly header: AreaCopyHeader | { readonly problem: string };
}

export interface AreaCopyHeader {
  readonly dbid: string;
  readonly file: number;
  readonly creationScn: Scn;
  readonly blockSize: number;
  readonly checkpointScn: Scn;
}
