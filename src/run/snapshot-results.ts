import type { ManifestSnapshot, ManifestSnapshotTime, SnapshotDatafile } from "../domain/manifest.ts";
import type { Scn } from "../domain/scn.ts";
import type { DeleteSnapshots, ResumeObligation } from "../domain/snapshot-obligation.ts";
import type { Database } from "../ports/database.ts";

/** What the steps of a backup by snapshots found out. */
export class SnapshotResults {
  /** The snapshots that the run asked for, or is about to. */
  asked: DeleteSnapshots | undefined;
  /** So many storages have not answered yet: theirs may still come. */
  unanswered = 0;
  /** Kept here too, so that a full disk under the state cannot hide it. */
  suspended: { readonly obligation: ResumeObligation; readonly spare: Database } | undefined;
  readonly files: SnapshotDatafile[] = [];
  readonly snapshots: ManifestSnapshot[] = [];
  snapshotTime: ManifestSnapshotTime | undefined;
  /** Checkpoints of files that were not in backup mode while they were written. */
  readonly neededFrom: Scn[] = [];
}
