import type { FileChange, SnapshotView } from "../../storage-adapters/contract.ts";
import type { RefreshedDatafile, RefreshedManifest } from "../domain/manifest.ts";
import type { Scn } from "../domain/scn.ts";
import type { ListBegin } from "../domain/source-moment.ts";
import type { RecordedCopy } from "./area-manifest.ts";
import type { ArchivedRedo } from "./area-redo.ts";

/** What the steps of a run on the live area found out. */
export class AreaResults {
  /** As it lies in the area now, where this run wrote it before its end. */
  marked: RefreshedManifest | undefined;
  /** A block of a copy may have been written, or a listed copy replaced: the old manifest does not hold any more. */
  touched = false;
  /** Copies that were brought forward. */
  readonly refreshed: RecordedCopy[] = [];
  /** Copies that RMAN made or brought forward. */
  readonly merged: RefreshedDatafile[] = [];
  /** Copies that stay as they are. */
  readonly kept: RefreshedDatafile[] = [];
  /** Read before a file that nobody writes was seen to be unchanged, by file number: redo is needed from there. */
  readonly seenAt = new Map<number, Scn>();
  /** The moment after which each copy was brought forward, by file number. */
  readonly changesFrom = new Map<number, ListBegin>();
  /** Snapshots of the datafiles' storages that were taken, and what was listed between two; undefined: it failed. */
  readonly views = new Map<string, Promise<SnapshotView | undefined>>();
  readonly lists = new Map<string, Promise<readonly (FileChange | undefined)[] | undefined>>();
  /** Volumes of which a list lacked changes. */
  readonly distrusted = new Set<string>();
  /** Whole archived logs that lie in the area, by their file name. */
  readonly redo = new Map<string, ArchivedRedo>();
}
