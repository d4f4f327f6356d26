import { discover } from "../discover/discover.ts";
import type { RunId } from "../domain/names.ts";
import type { ColdBackupOptions, ColdBackupPlan } from "../domain/plan.ts";
import type { Planned } from "../domain/refusal.ts";
import { planColdBackup } from "../plan/cold-backup.ts";
import type { BackupOutcome } from "./backup-hot.ts";
import { lookForCold } from "./cold-look.ts";
import { execute } from "./execute.ts";
import { refuseOpenRuns } from "./open-obligations.ts";
import { noteFacts } from "./heartbeat.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

/**
 * One cold backup: lock, look, plan, execute. A refusal is a value and changed nothing.
 * Errors: UMB-8001 while another run is at work, UMB-8002 where an interrupted one is open, UMB-10002 where the database
 * could not be brought back; those of `discover` and `execute`.
 */
export async function backupCold(world: World, options: ColdBackupOptions = {}): Promise<BackupOutcome> {
  const run = newRunId(world, "cold");
  using _lock = world.state.locks.take(world.database.name, run, world.clock.now());
  await refuseOpenRuns(world);
  const planned = await planFor(world, options, run);
  if (!planned.ok) return planned;
  return { ok: true, backup: await execute(planned.plan, world), warnings: planned.warnings };
}

/** What `backupCold` would do. Changes nothing. Errors: UMB-8002 where an interrupted run is open; those of `discover`. */
export async function planCold(
  world: World,
  options: ColdBackupOptions = {},
): Promise<Planned<ColdBackupPlan>> {
  const isAtWork = world.state.locks.owner(world.database.name) !== undefined;
  if (!isAtWork) await refuseOpenRuns(world);
  return await planFor(world, options, newRunId(world, "cold"));
}

async function planFor(
  world: World,
  options: ColdBackupOptions,
  runId: RunId,
): Promise<Planned<ColdBackupPlan>> {
  const facts = await discover(world);
  await noteFacts(world, facts);
  const look = await lookForCold(world, facts, options.mode ?? world.database.cold.mode);
  return planColdBackup({ facts, look, config: world.database, options, runId });
}
