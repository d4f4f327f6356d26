import { discover } from "../discover/discover.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { RunId } from "../domain/names.ts";
import type { HotBackupOptions, HotBackupPlan } from "../domain/plan.ts";
import type { Planned, Refusal, Warning } from "../domain/refusal.ts";
import { planHotBackup } from "../plan/hot-backup.ts";
import { execute } from "./execute.ts";
import { refuseOpenRuns } from "./open-obligations.ts";
import { noteFacts } from "./heartbeat.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

export type BackupOutcome =
  | { readonly ok: true; readonly backup: CatalogEntry; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * One hot backup: lock, look, plan, execute. A refusal is a value and changed nothing in the database.
 * Errors: UMB-8001 while another run is at work, UMB-8002 where an interrupted one is open; those of `discover` and
 * `execute`.
 */
export async function backupHot(world: World, options: HotBackupOptions = {}): Promise<BackupOutcome> {
  const run = newRunId(world, "hot");
  using _lock = world.state.locks.take(world.database.name, run, world.clock.now());
  await refuseOpenRuns(world);
  const planned = await planFor(world, options, run);
  if (!planned.ok) return planned;
  return { ok: true, backup: await execute(planned.plan, world), warnings: planned.warnings };
}

/**
 * What `backupHot` would do. Takes no lock and writes nothing but the probe of `discover`. While another run is at work
 * it plans what comes after it. Errors: UMB-8002 where an interrupted run is open; those of `discover`.
 */
export async function planHot(world: World, options: HotBackupOptions = {}): Promise<Planned<HotBackupPlan>> {
  const isAtWork = world.state.locks.owner(world.database.name) !== undefined;
  if (!isAtWork) await refuseOpenRuns(world);
  return await planFor(world, options, newRunId(world, "hot"));
}

async function planFor(
  world: World,
  options: HotBackupOptions,
  runId: RunId,
): Promise<Planned<HotBackupPlan>> {
  const facts = await discover(world);
  await noteFacts(world, facts);
  return planHotBackup({ facts, config: world.database, options, runId });
}
