import type { Instant } from "../src/domain/instant.ts";
import type { FilePath } from "../src/domain/names.ts";
import type {
  OwnershipTag,
  Snapshot,
  SnapshotName,
  SnapshotRef,
  Volume,
  VolumeId,
} from "../src/domain/snapshot.ts";

/*
 * What every storage adapter promises. `promises.ts` holds the same sentences as code, for the tests of this project and
 * for a user's own storage; `docs/storage-adapter-guide.md` says how to write one.
 *
 * - Every call ends: by itself, by its deadline (the host's UMB-7202) or by its signal (the signal's reason).
 * - A call that ended without an answer may have done its work or not. It is made again with the same arguments, or undone.
 *   Undoing waits for what has reached the storage. What has not (a program on its way over ssh) may still be done after
 *   that: whoever undoes a call looks once more, later.
 * - Errors are `UmbraError`s: UMB-6xxx for what the storage says, UMB-7xxx for the host it is reached through.
 * - Names are chosen by the caller. Nothing is ever found by name alone: what umbra made carries its tag, from the very
 *   moment at which it exists, and without the tag it is not umbra's.
 * - Calls for different volumes may run at the same time. Those for one volume as well, but not two for one snapshot.
 */

/** For the whole call, however many programs or requests it takes. */
export interface CallLimits {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** How a snapshot of this volume comes about. A planner decides by these facts, never by a storage's kind. */
export interface VolumeFacts {
  /** False: making one takes as long as copying what it holds. */
  readonly instant: boolean;
  /** False: files are taken one after the other, so they must not change meanwhile: a closed database, or backup mode. */
  readonly atomic: boolean;
  /** A sentence for each thing a user should know: no space for a plain copy, holds that cannot be named. */
  readonly remarks: readonly string[];
}

/** A path as the storage sees it. */
export interface Located {
  readonly volume: Volume;
  /** Absolute, without symbolic links. */
  readonly path: FilePath;
  /** Below the volume's mount point, without a slash at its begin; empty for the mount point itself. */
  readonly inside: string;
}

export interface CreateSnapshot extends SnapshotRef {
  readonly tag: OwnershipTag;
  /**
   * Files or directories of the volume, absolute. The snapshot holds at least these; most storages take the whole volume.
   * Never empty.
   */
  readonly paths: readonly FilePath[];
}

export interface OwnedSnapshot extends SnapshotRef {
  /** Must be the tag it was made with. */
  readonly tag: OwnershipTag;
}

/** Where the files of a snapshot can be read, for as long as it is shown. */
export interface SnapshotView {
  /** Stands for the volume's mount point: the file at `inside` is `<root>/<inside>`. See `pathInView`. */
  readonly root: FilePath;
}

/** Lines of a shell, to be run as root. */
export interface ByHand {
  readonly make: readonly string[];
  readonly undo: readonly string[];
}

export interface Space {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** The core that every storage has, and facets: a facet that is there works on this system, tried when it was opened. */
export interface StorageAdapter {
  /** As in the configuration. */
  readonly name: string;
  /** What answered, for people and logs: `btrfs-progs v6.2`. Nothing is decided by it. */
  readonly system: string;

  /**
   * Files or directories, absolute; one answer for each, in their order. Changes nothing.
   * UMB-6301 where one is not on this storage; UMB-6302 where nothing is there.
   */
  locate(paths: readonly FilePath[], limits: CallLimits): Promise<readonly Located[]>;

  /** May make a file of its own, and removes it: what is left is as it was. */
  describe(volume: VolumeId, limits: CallLimits): Promise<VolumeFacts>;

  /**
   * The picture of one moment between call and answer (where `atomic`; else each file's own moment).
   * When it has answered, the snapshot outlives a power cut. Exists with this tag: success, and the first one stays as it
   * is. Exists with another tag or none: UMB-6303. Without space: UMB-6304. Nothing half-made is ever listed or found.
   * It says nothing of what was made, so that backup mode ends no later than it must: `findSnapshot` does.
   */
  createSnapshot(request: CreateSnapshot, limits: CallLimits): Promise<void>;

  /** One snapshot, also of others; undefined where there is none. */
  findSnapshot(ref: SnapshotRef, limits: CallLimits): Promise<Snapshot | undefined>;

  /**
   * All snapshots of the volume, also those of others (without a tag), oldest first: `inOrderOfCreation`.
   * An answer shows every snapshot whose creation had answered before, and none whose deletion had.
   */
  listSnapshots(volume: VolumeId, limits: CallLimits): Promise<readonly Snapshot[]>;

  /**
   * Reads the tag from the storage right before it deletes. Another tag or none: UMB-6303, and nothing is changed.
   * Held or cloned: UMB-6305 with the holders, and nothing is changed. Gone already: success. Never takes anything with it:
   * no clones, no younger snapshots, no children. Space may come back later.
   */
  deleteSnapshot(request: OwnedSnapshot, limits: CallLimits): Promise<void>;

  /**
   * Makes the files of a snapshot readable. Shown already: the same view. It is for reading: storages
   * without read-only snapshots keep it so by file modes, and say that in a remark. UMB-6306 where there is no such snapshot, UMB-6303 where it has another tag. Some storages must
   * make a clone for it, which keeps the snapshot until it is hidden: a view that was asked for is an obligation.
   */
  showSnapshot(request: OwnedSnapshot, limits: CallLimits): Promise<SnapshotView>;

  /**
   * Where each snapshot of the volume can be read without being shown: one call for all of them, which changes nothing and
   * looks at none. undefined where they must be shown.
   */
  visibleAt(
    volume: VolumeId,
    limits: CallLimits,
  ): Promise<((name: SnapshotName) => SnapshotView) | undefined>;

  /** Takes the view away; nothing reads from it any more. Not shown, or the snapshot is gone: success. */
  hideSnapshot(request: OwnedSnapshot, limits: CallLimits): Promise<void>;

  /**
   * The storage's bare commands, for a person without umbra: `make` gives a writable copy of the snapshot at `root`, which
   * stands for the volume's mount point and lies below it, and `undo` takes that away. The snapshot stays as it is.
   * Asks nothing. Absent where there are no such commands.
   */
  byHand?(snapshot: SnapshotRef, root: FilePath): ByHand;

  /** Of what the volume shares its space with: the pool, the file system. */
  space(volume: VolumeId, limits: CallLimits): Promise<Space>;

  readonly group?: GroupFacet;
  readonly clone?: CloneFacet;
  readonly hold?: HoldFacet;
  readonly lock?: LockFacet;
  readonly changedBlocks?: ChangedBlocksFacet;
}

/** One moment for several volumes. */
export interface GroupFacet {
  /** Sets of volumes of which each can be taken at one moment; every volume of the request is in exactly one of them. */
  sets(volumes: readonly VolumeId[], limits: CallLimits): Promise<readonly (readonly VolumeId[])[]>;
  /**
   * All or none; then as `createSnapshot` for each. UMB-6307 where the volumes are not one set, before anything is made,
   * or where snapshots with this name are there that are not of one moment.
   */
  createSnapshots(
    request: Omit<CreateSnapshot, "volume"> & { readonly volumes: readonly VolumeId[] },
    limits: CallLimits,
  ): Promise<void>;
}

export interface CloneRequest extends SnapshotRef {
  /** Letters, digits, `-`, `_` and `.`; unique on the storage. */
  readonly clone: string;
  /** The clone's own tag; the snapshot must be umbra's, of whichever run. */
  readonly tag: OwnershipTag;
}

export interface Clone {
  readonly name: string;
  readonly snapshot: SnapshotRef;
  /** Stands for the volume's mount point; writable. */
  readonly root: FilePath;
  readonly tag: OwnershipTag;
}

/** Writable copies that share the snapshot's blocks. */
export interface CloneFacet {
  /** Exists with this tag and of this snapshot: success. Else taken: UMB-6303. */
  create(request: CloneRequest, limits: CallLimits): Promise<Clone>;
  /** Those of umbra's of this volume's snapshots. */
  list(volume: VolumeId, limits: CallLimits): Promise<readonly Clone[]>;
  /** With everything in it. As `deleteSnapshot`: tag read back, gone is success, in use is UMB-6305. */
  drop(request: CloneRequest, limits: CallLimits): Promise<void>;
}

export interface Hold {
  /** Small letters, digits, `-`, `_` and `.`; at most 64 of them. */
  readonly id: string;
  readonly reason: string;
}

/** What keeps a snapshot from being deleted, by anybody, until it is released. */
export interface HoldFacet {
  /** There already: success; the first reason stays. UMB-6303 for a snapshot of somebody else's. */
  add(request: OwnedSnapshot & Hold, limits: CallLimits): Promise<void>;
  /** Not there, or the snapshot is gone: success. */
  release(request: OwnedSnapshot & Pick<Hold, "id">, limits: CallLimits): Promise<void>;
  /** Those that umbra put there. */
  list(request: OwnedSnapshot, limits: CallLimits): Promise<readonly Hold[]>;
}

/** What keeps a snapshot from being deleted until a time, by the storage's own clock. Nobody can take it back. */
export interface LockFacet {
  /** Locked for longer already: success; a lock is never shortened. */
  lock(request: OwnedSnapshot & { readonly until: Instant }, limits: CallLimits): Promise<void>;
  lockedUntil(request: OwnedSnapshot, limits: CallLimits): Promise<Instant | undefined>;
}

export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** Everything outside of the extents is the same in both snapshots. */
export interface FileChange {
  readonly inside: string;
  /** Bytes of the file in the later snapshot. */
  readonly bytes: number;
  /** Ascending, apart from each other, within the file; they may hold bytes that did not change. */
  readonly extents: readonly Extent[];
}

/** Which bytes differ between two snapshots, in a time that follows the change and not the size. */
export interface ChangedBlocksFacet {
  /**
   * One answer for each file asked for (`Located.inside`), in that order. undefined: this file cannot be compared (it is
   * not in both snapshots under this name, or not the same file), so all of it must be read.
   * UMB-6306 where a snapshot is gone; UMB-6308 where the storage's answer is not understood.
   */
  between(
    request: {
      readonly volume: VolumeId;
      readonly earlier: SnapshotName;
      readonly later: SnapshotName;
      readonly files: readonly string[];
    },
    limits: CallLimits,
  ): Promise<readonly (FileChange | undefined)[]>;
}

/** Where a file of the volume can be read in a view. */
export function pathInView(view: SnapshotView, located: Pick<Located, "inside">): FilePath {
  return (located.inside === "" ? view.root : `${view.root}/${located.inside}`) as FilePath;
}
