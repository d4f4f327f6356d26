import type { RunId } from "./names.ts";
import type { SnapshotName } from "./snapshot.ts";

/*
 * Changed blocks by what the storage of the datafiles lists: the rule, and why it is safe.
 *
 * A run takes a moment of a file: a snapshot of the file's volume, after BEGIN BACKUP of its tablespace and before the
 * first block of it is read. The manifest names it beside the copy (`changesFrom`). The next refresh takes a moment of its
 * own, has the storage list what differs between the two, and reads just that, in the later snapshot.
 *
 * - A block outside of the list is the same in both. The copy has it as it was at the earlier moment or later, and what
 *   came later is in the list. So the copy has it as it is at the later moment.
 * - BEGIN BACKUP has written, before it answers, every block that was changed below the checkpoint in the file's header.
 *   The later moment comes after it, so no block of it lacks a change below that checkpoint, and what came since is in the
 *   redo from there on, as with every copy in backup mode. Buffers that are dirty when the snapshot is taken are newer.
 * - A file that nobody writes needs no BEGIN: its moment may be any of the run, its header is compared as always.
 * - The earlier moment is the one that the manifest names, and goes only when a later manifest is durable. A run that dies
 *   leaves it where it is, and its own moments are an obligation. Copies that it left dirty are compared whole.
 * - Where there is no earlier moment, the file lies elsewhere, or the storage cannot say: hashes, or comparing.
 *
 * The storage is trusted, so it is tested. Each listed block must bear the list out (`ListDoubt`); where one does not, the
 * file is compared whole in the same step. That cannot find a block that the list lacks: each copy in its turn, within
 * eight refreshes, is compared whole with the snapshot at which the list ends. What differs then is told and mended, and
 * no file of that volume is brought forward by a list in the next refresh.
 */

/** A datafile in a snapshot of the storage that it lies on. */
export interface SourceMoment {
  readonly storage: string;
  readonly volume: string;
  readonly snapshot: string;
  /** Below the volume's mount point. */
  readonly inside: string;
}

/** `parseSnapshotName` reads no such name: it is no backup. */
const PREFIX = "umbra-changes-";

/** The moment of files that are read in one window of backup mode, or of those that need none. */
export function momentName(run: RunId, window: number): SnapshotName {
  return `${PREFIX}${run}.${window}` as SnapshotName;
}

export function isMomentName(name: string): boolean {
  return name.startsWith(PREFIX);
}
