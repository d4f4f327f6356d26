import type { CoverageReport } from "../domain/coverage-report.ts";
import type { DowntimeLimit, PredictedDowntime } from "../domain/downtime.ts";
import type { Heartbeat } from "../domain/heartbeat.ts";
import type { Instant } from "../domain/instant.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type {
  BaselineOptions,
  ColdBackupOptions,
  HotBackupOptions,
  RefreshOptions,
  SnapshotBackupOptions,
} from "../domain/plan.ts";
import type { Refusal, Warning } from "../domain/refusal.ts";
import type { World } from "../run/world.ts";
import type { KeepingRuns } from "./keeping-runs.ts";
import type { LogsRuns } from "./logs-runs.ts";
import type { PlanLine } from "./render/plan.ts";

/** What the commands ask of `run/`, in the shape they show it. Joined in `wire.ts`; a fake in tests. */
export interface Runs {
  /** Changes nothing. */
  planHot(world: World, options: HotBackupOptions): Promise<PlannedRun>;
  /** Returns when backup mode has ended, whatever happened; throws what ended the run. */
  backupHot(world: World, options: HotBackupOptions): Promise<MadeBackup>;
  /** Changes nothing. */
  planCold(world: World, options: ColdBackupOptions): Promise<PlannedRun>;
  /** Returns when the database is back in the state that it had, whatever happened; throws what ended the run. */
  backupCold(world: World, options: ColdBackupOptions): Promise<MadeBackup>;
  /** Prepares the live area, or takes that back; the lines are what was done, or would be. */
  setup(world: World, options: { readonly undo: boolean; readonly planOnly: boolean }): Promise<PlannedRun>;
  /** Changes nothing. */
  planBaseline(world: World, options: BaselineOptions): Promise<PlannedRun>;
  /** Full copies of the live area; throws what ended the run. */
  baseline(world: World, options: BaselineOptions): Promise<MadeBackup>;
  /** Changes nothing. */
  planRefresh(world: World, options: RefreshOptions): Promise<PlannedRun>;
  /** Brings the copies of the live area forward; throws what ended the run. */
  backupRefresh(world: World, options: RefreshOptions): Promise<MadeBackup>;
  /** Changes nothing. */
  planSnapshot(world: World, options: SnapshotBackupOptions): Promise<PlannedRun>;
  /** Snapshots of the primary volumes. Returns when backup mode has ended; throws what ended the run. */
  backupSnapshot(world: World, options: SnapshotBackupOptions): Promise<MadeBackup>;
  /** Puts right what interrupted runs left, or only plans it. No lines: there was nothing to do. */
  reconcile(world: World, options: { readonly planOnly: boolean }): Promise<PlannedRun>;
  /** Reads a backup again. What is damaged is a problem in the report, not an error. */
  verifyBackup(world: World, id: string): Promise<VerifyReport>;
  rebuildCatalog(world: World): Promise<RebuildReport>;
  /** From the backups of the catalog; the database need not answer. */
  coverageReport(world: World): Promise<CoverageReport>;
  /** `umbra snapshot`, `umbra hold`, `umbra retention`. */
  readonly keeping: KeepingRuns;
  /** `umbra logs`. */
  readonly logs: LogsRuns;
  /** Undefined: the database is mounted, nothing was noted. */
  noteHeartbeat(world: World): Promise<Heartbeat | undefined>;
}

export type PlannedRun =
  | {
      readonly ok: true;
      readonly lines: readonly PlanLine[];
      readonly warnings: readonly Warning[];
      readonly run?: string;
      /** Of a cold backup. */
      readonly downtime?: PredictedDowntime & DowntimeLimit & { readonly text: string };
      /** Of reconcile: a live run has the database. */
      readonly atWork?: { readonly run: string; readonly pid: number; readonly since: Instant };
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export type MadeBackup =
  | { readonly ok: true; readonly backup: CatalogEntry; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export interface VerifyReport {
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
}

export interface RebuildReport {
  readonly found: readonly CatalogEntry[];
  /** Directories whose manifest cannot be used, and why. */
  readonly unusable: readonly { readonly path: string; readonly problem: string }[];
}
