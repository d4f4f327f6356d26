import type { Planned, Refusal, Warning } from "../domain/refusal.ts";
import type { SetupPlan } from "../domain/setup-plan.ts";
import type { LogSetupPlan } from "../plan/archive-setup.ts";
import { type SetupOptions, setUpArea } from "./area-setup.ts";
import { planLogsSetup, planLogsUndo, setUpLogs, undoLogs } from "./logs-setup.ts";
import type { World } from "./world.ts";

/** What `umbra setup` makes: the live area, then the archive destination in it. Undone the other way round. */
export interface WholeSetup {
  readonly area: SetupPlan;
  /** Absent where the database cannot have the destination; a warning says why. */
  readonly logs?: LogSetupPlan;
}

/**
 * Prepares the live backup area of a database and has its archived logs sent there, or takes both back. Nothing is begun
 * that is refused as a whole. May be run again at any time. The plan is what was done, or what would be.
 * Errors: those of `setUpArea`, `setUpLogs` and `undoLogs`.
 */
export async function setup(world: World, options: SetupOptions): Promise<Planned<WholeSetup>> {
  return options.undo ? await takeBack(world, options) : await prepare(world, options);
}

/** A database without the destination can be refreshed too: what speaks against it is no reason to stop. */
async function prepare(world: World, options: SetupOptions): Promise<Planned<WholeSetup>> {
  const area = await setUpArea(world, options);
  if (!area.ok) return area;
  const logs = await (options.planOnly ? planLogsSetup(world) : setUpLogs(world));
  const against = logs.ok ? [] : logs.refusals.map(withoutDestination);
  const warnings = [...area.warnings, ...against, ...(logs.ok ? logs.warnings : [])];
  const plan = { area: area.plan, ...(logs.ok ? { logs: logs.plan } : {}) };
  return { ok: true, plan, warnings };
}

async function takeBack(world: World, options: SetupOptions): Promise<Planned<WholeSetup>> {
  const planned = await setUpArea(world, { undo: true, planOnly: true });
  if (!planned.ok) return planned;
  const logs = await (options.planOnly ? planLogsUndo(world) : undoLogs(world));
  if (!logs.ok) return logs;
  const area = options.planOnly ? planned : await setUpArea(world, options);
  if (!area.ok) return area;
  return {
    ok: true,
    plan: { area: area.plan, logs: logs.plan },
    warnings: [...logs.warnings, ...area.warnings],
  };
}

function withoutDestination({ seen, ...why }: Refusal): Warning {
  const { todo, rule } = why;
  return {
    ...(rule === undefined ? {} : { rule }),
    seen: `logs come into the area with each refresh only, as it got no archive destination: ${seen}`,
    todo,
  };
}
