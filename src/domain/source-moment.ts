import type { RunId } from "./names.ts";
import type { SnapshotName } from "./snapshot.ts";

/*
 * Changed blocks by what the storage of the datafiles lists: the rule, and why it is safe.
 *
 * A run takes moments of a file: snapshots of the file's volume. The first of the run, before any block is read, is where
 * the next list begins: the manifest names it beside the copy (`changesFrom`). One more for each tablespace, after its
 * BEGIN BACKUP and before the first block of it is read, is where this run's list ends, and what is listed is read in it.
 * The storage lists what differs between the first moments of two runs, once for all files, and then the little that
 * came until the tablespace's own.
 *
 * - A block outside of both lists is the same at the begin and at the end. The copy has it as it was at the begin or
 *   later, and what came later is in a list. So the copy has it as it is at the end.
 * - BEGIN BACKUP has written, before it answers, every block that was changed below the checkpoint in the file's header.
 *   The end comes after it, so no block of it lacks a change below that checkpoint, and what came since is in the redo
 *   from there on, as with every copy in backup mode. Buffers that are dirty when the snapshot is taken are newer.
 * - A file that nobody writes needs no BEGIN: the first moment is its end too, its header is compared as always.
 * - The begin is the moment that the manifest names, and goes only when a later manifest is durable. A run that dies
 *   leaves it where it is, and its own moments are an obligation. Copies that it left dirty are compared whole.
 * - Where there is no begin, the file lies elsewhere, or the storage cannot say: hashes, or comparing.
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

/** Where the next list of changes of a file begins. */
export interface ListBegin extends SourceMoment {
  /** What the file's header said before the moment: whatever was written since is newer. */
  readonly checkpointScn: string;
}

/** `parseSnapshotName` reads no such name: it is no backup. */
const PREFIX = "umbra-changes-";
/** The first of a run. */
const FIRST = 0;

/** The moment of a tablespace in backup mode, numbered from 1; without a number the first one of the run. */
export function momentName(run: RunId, window: number = FIRST): SnapshotName {
  return `${PREFIX}${run}.${window}` as SnapshotName;
}

/** The first moment of a run on the volume of another one. */
export function firstMoment(moment: SourceMoment, run: RunId): SourceMoment {
  return { ...moment, snapshot: momentName(run) };
}

export function isMomentName(name: string): boolean {
  return name.startsWith(PREFIX);
}
