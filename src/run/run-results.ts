import type { ArchivedLogFacts } from "../domain/facts.ts";
import type {
  Manifest,
  ManifestAbsent,
  ManifestDatafile,
  ManifestFile,
  ManifestLog,
} from "../domain/manifest.ts";
import type { StepId } from "../domain/names.ts";
import type { Obligation } from "../domain/obligation.ts";
import { maxScn, minScn, scn, type Scn } from "../domain/scn.ts";
import { AreaResults } from "./area-results.ts";
import { ColdResults } from "./cold-results.ts";
import { SnapshotResults } from "./snapshot-results.ts";

export type SingleFile = "controlfile" | "controlfileScript" | "parameterText" | "spfile" | "passwordFile";

/** What the steps of one run found out for the steps after them. */
export class RunResults {
  /** What must be ended, by the step that began it. Kept here too, so that a full disk under the state cannot hide it. */
  readonly open = new Map<StepId, Obligation>();
  /** CHANGE# after BEGIN BACKUP, by file number. */
  readonly begun = new Map<number, Scn>();
  /** An SCN at or above each END BACKUP. */
  readonly ends: Scn[] = [];
  /** The same by the step that began. */
  readonly endedAt = new Map<StepId, Scn>();
  readonly datafiles: ManifestDatafile[] = [];
  readonly absent: ManifestAbsent[] = [];
  readonly files = new Map<SingleFile, ManifestFile>();
  readonly logs: ManifestLog[] = [];
  readonly notes: string[] = [];
  /** Of a cold backup. */
  readonly cold = new ColdResults();
  /** Of a run on the live area. */
  readonly area = new AreaResults();
  /** Of a backup by snapshots of the primary volumes. */
  readonly snapshots = new SnapshotResults();
  /** The archived logs that the backup needs, chosen when all were there. */
  logSet: readonly ArchivedLogFacts[] = [];
  threads: readonly number[] = [];
  /** Read from the database right before the logs were switched. */
  switchedAt: Scn | undefined;
  /** As it lies in the backup now; undefined before it was written. */
  written: { readonly manifest: Manifest; readonly text: string } | undefined;

  /**
   * Redo of the copies that this run made is needed from here (rule 47): the lowest BEGIN, the creation of a file that was
   * too late to be copied (rule 55), or where a file that nobody writes was last seen unchanged. Without any of them, the
   * switch of the logs.
   */
  get redoFrom(): Scn {
    const created = this.absent
      .filter((file) => file.why === "created-later")
      .map((file) => scn(BigInt(file.creationScn)));
    const seen = [...this.area.seenAt.values(), ...this.snapshots.neededFrom];
    const all = [...this.begun.values(), ...created, ...seen];
    return minScn(all) ?? this.switchedAt ?? scn(0);
  }

  /** The same, with copies that stayed as they are. */
  get neededFrom(): Scn {
    const kept = this.area.kept.map((one) => scn(BigInt(one.recoverFrom)));
    return minScn([this.redoFrom, ...kept]) ?? this.redoFrom;
  }

  /**
   * Recovery must go so far (rule 46). One above the last END BACKUP: `UNTIL CHANGE n` leaves out change n. A file that
   * was made read only or closed after it has a later checkpoint, and no file may be newer than the database.
   */
  get minimumRecovery(): Scn {
    const copies = [...this.datafiles, ...this.area.refreshed, ...this.snapshots.files];
    const checkpoints = copies.map((file) => scn(BigInt(file.checkpointScn)));
    const ends = this.ends.length > 0 ? this.ends : [this.switchedAt ?? scn(0)];
    const last = maxScn([...ends, ...checkpoints]) ?? scn(0);
    const kept = [...this.area.kept, ...this.area.merged].map((one) => scn(BigInt(one.usableFrom)));
    return maxScn([scn(last + 1n), ...kept]) ?? scn(0);
  }
}
