import type { CatalogEntry } from "../domain/journal.ts";
import type { LogPruneReport } from "../domain/log-prune.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { RetentionReport } from "../domain/retention-report.ts";
import { addHold, type HoldAdded, type HoldRequest, releaseHold } from "../run/holds.ts";
import { planLogPrune } from "../run/logs-prune-plan.ts";
import { type ApplyOptions, applyRetention, type RetentionApplied } from "../run/retention-apply.ts";
import { planRetentionOf } from "../run/retention-plan.ts";
import { type RetentionUndone, undoRetention } from "../run/retention-undo.ts";
import {
  createSnapshot,
  planSnapshot,
  type SnapshotMade,
  type SnapshotPlanned,
} from "../run/snapshot-create.ts";
import { type DeleteOptions, deleteSnapshot, type SnapshotDeleted } from "../run/snapshot-delete.ts";
import { type ListedSnapshot, listSnapshots } from "../run/snapshot-list.ts";
import type { World } from "../run/world.ts";
import type { KeptHold } from "../state/holds.ts";

/** What the commands of `umbra snapshot`, `umbra hold` and `umbra retention` ask of `run/`. */
export interface KeepingRuns {
  listSnapshots(
    world: World,
  ): Promise<{ readonly listed: readonly ListedSnapshot[]; readonly lost: readonly CatalogEntry[] }>;
  /** Changes nothing. */
  planSnapshot(world: World): Promise<SnapshotPlanned>;
  createSnapshot(world: World): Promise<SnapshotMade>;
  deleteSnapshot(world: World, entry: CatalogEntry, options: DeleteOptions): Promise<SnapshotDeleted>;
  addHold(world: World, request: HoldRequest): Promise<HoldAdded>;
  /** Undefined: it was released before. */
  releaseHold(world: World, id: string): Promise<KeptHold | undefined>;
  /** Changes nothing. `logs`: what the same policy gives up of the archived logs in the live area. */
  planRetention(world: World): Promise<RetentionShown>;
  applyRetention(world: World, options: ApplyOptions): Promise<RetentionApplied>;
  undoRetention(world: World, id: string): Promise<RetentionUndone>;
}

export type RetentionShown =
  | { readonly ok: true; readonly report: RetentionReport; readonly logs?: LogPruneReport }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export const joinedKeeping: KeepingRuns = {
  listSnapshots,
  planSnapshot,
  createSnapshot,
  deleteSnapshot,
  addHold,
  releaseHold,
  async planRetention(world) {
    const planned = await planRetentionOf(world);
    if (!planned.ok) return planned;
    const { report } = planned;
    const logs = await planLogPrune(world);
    return logs.ok ? { ok: true, report, logs: logs.report } : { ok: true, report };
  },
  applyRetention,
  undoRetention,
};
