import { discover } from "../discover/discover.ts";
import type { RunId } from "../domain/names.ts";
import type { AreaPlan, BaselineOptions, RefreshOptions } from "../domain/plan.ts";
import type { Planned } from "../domain/refusal.ts";
import { planBaseline } from "../plan/baseline.ts";
import { planRefresh } from "../plan/refresh.ts";
import { lookForRefresh } from "./area-look.ts";
import type { BackupOutcome } from "./backup-hot.ts";
import { execute } from "./execute.ts";
import { noteFacts } from "./heartbeat.ts";
import { refuseOpenRuns } from "./open-obligations.ts";
import { retentionAfter } from "./retention-after.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

/**
 * Makes the first full copies of the live area, or new ones of named files: the only run that may. A refusal is a value
 * and changed nothing. Errors: UMB-8001 while another run is at work, UMB-8002 where an interrupted one is open; those of
 * `discover` and `execute`.
 */
export async function baseline(world: World, options: BaselineOptions = {}): Promise<BackupOutcome> {
  return await performed(world, "baseline", (run) => planFor(world, { kind: "baseline", options }, run));
}

/** What `baseline` would do. Changes nothing. */
export async function planBaselineRun(
  world: World,
  options: BaselineOptions = {},
): Promise<Planned<AreaPlan>> {
  return await onlyPlanned(world, "baseline", (run) => planFor(world, { kind: "baseline", options }, run));
}

/** Brings every copy of the live area forward. Errors as those of `baseline`. */
export async function backupRefresh(world: World, options: RefreshOptions = {}): Promise<BackupOutcome> {
  return await performed(world, "refresh", (run) => planFor(world, { kind: "refresh", options }, run));
}

/** What `backupRefresh` would do. Changes nothing. */
export async function planRefreshRun(world: World, options: RefreshOptions = {}): Promise<Planned<AreaPlan>> {
  return await onlyPlanned(world, "refresh", (run) => planFor(world, { kind: "refresh", options }, run));
}

type Wanted =
  | { readonly kind: "baseline"; readonly options: BaselineOptions }
  | { readonly kind: "refresh"; readonly options: RefreshOptions };

async function performed(
  world: World,
  kind: Wanted["kind"],
  plan: (run: RunId) => Promise<Planned<AreaPlan>>,
): Promise<BackupOutcome> {
  const run = newRunId(world, kind);
  using _lock = world.state.locks.take(world.database.name, run, world.clock.now());
  await refuseOpenRuns(world);
  const planned = await plan(run);
  if (!planned.ok) return planned;
  const backup = await execute(planned.plan, world);
  const later = kind === "refresh" ? await retentionAfter(world) : [];
  for (const warning of later) world.reporter.event({ kind: "warning", at: world.clock.now(), run, warning });
  return { ok: true, backup, warnings: [...planned.warnings, ...later] };
}

async function onlyPlanned(
  world: World,
  kind: Wanted["kind"],
  plan: (run: RunId) => Promise<Planned<AreaPlan>>,
): Promise<Planned<AreaPlan>> {
  const isAtWork = world.state.locks.owner(world.database.name) !== undefined;
  if (!isAtWork) await refuseOpenRuns(world);
  return await plan(newRunId(world, kind));
}

async function planFor(world: World, wanted: Wanted, runId: RunId): Promise<Planned<AreaPlan>> {
  const config = world.database;
  const facts = await discover(world);
  await noteFacts(world, facts);
  const look = await lookForRefresh(world, facts, wanted.options);
  if (wanted.kind === "baseline") {
    return planBaseline({ facts, look, config, options: wanted.options, runId });
  }
  return planRefresh({ facts, look, config, options: wanted.options, runId });
}
