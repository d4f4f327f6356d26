import type { SnapshotPlace } from "../domain/journal.ts";
import type { FilePath } from "../domain/names.ts";
import type { OwnershipTag, Snapshot, SnapshotName } from "../domain/snapshot.ts";

export interface SnapshotCall {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** A snapshot of a live backup area, and where the area can be read in it. */
export interface AreaSnapshot extends SnapshotPlace {
  readonly directory: FilePath;
}

/**
 * Snapshots of what one database's live backup area lies on. The area is clean, and nobody writes it, while one is taken.
 * Errors: `UmbraError` UMB-6xxx of the storage, UMB-7xxx of its host.
 */
export interface AreaSnapshots {
  /** Resolves when it is on stable storage. Taken already under this name with this tag: the same one. */
  take(
    request: { readonly name: SnapshotName; readonly tag: OwnershipTag },
    call: SnapshotCall,
  ): Promise<AreaSnapshot>;
  /** umbra's own of this database, oldest first, each with the place where the area can be read in it. */
  list(call: SnapshotCall): Promise<readonly (Snapshot & AreaSnapshot)[]>;
  /** False: each one is a full copy, in time and in space. Tried out on the storage; the area must be there. */
  areInstant?(call: SnapshotCall): Promise<boolean>;
}
