import { discover } from "../discover/discover.ts";
import { lookAtPrimary } from "./primary-look.ts";
import type { RunId } from "../domain/names.ts";
import type { SnapshotBackupOptions, SnapshotBackupPlan } from "../domain/plan.ts";
import type { Planned } from "../domain/refusal.ts";
import { planSnapshotBackup } from "../plan/snapshot-backup.ts";
import type { BackupOutcome } from "./backup-hot.ts";
import { execute } from "./execute.ts";
import { noteFacts } from "./heartbeat.ts";
import { refuseOpenRuns } from "./open-obligations.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

/**
 * One backup by snapshots of the volumes on which the datafiles lie: lock, look, plan, execute. A refusal is a value and
 * changed nothing. Errors: UMB-8001 while another run is at work, UMB-8002 where an interrupted one is open; those of
 * `discover`, of the storages and of `execute`.
 */
export async function backupSnapshot(
  world: World,
  options: SnapshotBackupOptions = {},
): Promise<BackupOutcome> {
  const run = newRunId(world, "snapshot");
  using _lock = world.state.locks.take(world.database.name, run, world.clock.now());
  await refuseOpenRuns(world);
  const planned = await planFor(world, options, run);
  if (!planned.ok) return planned;
  return { ok: true, backup: await execute(planned.plan, world), warnings: planned.warnings };
}

/** What `backupSnapshot` would do. Takes no lock; storages are asked, and nothing of them is changed. */
export async function planSnapshot(
  world: World,
  options: SnapshotBackupOptions = {},
): Promise<Planned<SnapshotBackupPlan>> {
  const isAtWork = world.state.locks.owner(world.database.name) !== undefined;
  if (!isAtWork) await refuseOpenRuns(world);
  return await planFor(world, options, newRunId(world, "snapshot"));
}

async function planFor(
  world: World,
  options: SnapshotBackupOptions,
  runId: RunId,
): Promise<Planned<SnapshotBackupPlan>> {
  const facts = await discover(world);
  await noteFacts(world, facts);
  const look = await lookAtPrimary(world, facts.datafiles);
  return planSnapshotBackup({ facts, config: world.database, options, runId, look });
}
