import { readContainers } from "../discover/containers.ts";
import { readDatafiles } from "../discover/datafiles.ts";
import { readIdentity } from "../discover/identity.ts";
import type { Instant } from "../domain/instant.ts";
import type { RunRecord } from "../domain/journal.ts";
import { ROOT, type RunId } from "../domain/names.ts";
import type { Obligation } from "../domain/obligation.ts";
import type { ReconcilePlan } from "../domain/reconcile-plan.ts";
import type { Refusal, Warning } from "../domain/refusal.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { layoutBelow } from "../plan/backup-layout.ts";
import { describeReconcileStep } from "../plan/describe-reconcile.ts";
import type { StepDescription } from "../plan/describe-step.ts";
import { type InterruptedRun, planReconcile, type ReconcileInput } from "../plan/reconcile.ts";
import type { CallOptions } from "../ports/database.ts";
import { performReconcile } from "./perform-reconcile.ts";
import { readManifest } from "./read-manifest.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

export type ReconcileOutcome =
  /** No lines: there was nothing to do. With `planOnly`, warnings say what would stay open. */
  | {
      readonly ok: true;
      readonly lines: readonly StepDescription[];
      readonly warnings: readonly Warning[];
      /** Its own run in the journal; absent where nothing was done. */
      readonly run?: RunId;
      /** A live run has the database: what is open is that run's, and it ends it itself. */
      readonly atWork?: RunAtWork;
    }
  /** Something stays open; everything else was put right. */
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export interface RunAtWork {
  readonly run: RunId;
  readonly pid: number;
  readonly since: Instant;
}

/**
 * Puts right what interrupted runs of this database left, or only plans it. May be run at any time and again: where
 * nothing is open it takes no lock, so that a timer never keeps a backup from beginning.
 * Errors: UMB-8001 where a run began meanwhile; UMB-10001 where backup mode of ours could not be ended.
 */
export async function reconcile(
  world: World,
  { planOnly }: { readonly planOnly: boolean },
): Promise<ReconcileOutcome> {
  const { locks } = world.state;
  const { name } = world.database;
  const atWork = locks.owner(name);
  if (atWork !== undefined) return { ok: true, lines: [], warnings: [], atWork };
  if (!(await isSomethingOpen(world))) return { ok: true, lines: [], warnings: [] };
  const run = newRunId(world, "reconcile");
  using _lock = planOnly ? undefined : locks.take(name, run, world.clock.now());
  const obligations = await world.state.obligations.pending(name);
  const plan = await planFor(world, obligations);
  const lines = plan.steps.map(describeReconcileStep);
  if (planOnly) return { ok: true, lines, warnings: plan.left };
  const isIdle = plan.steps.length === 0;
  const left = [...plan.left, ...(isIdle ? [] : await performReconcile(world, run, plan, obligations))];
  if (left.length > 0) return { ok: false, refusals: left };
  return { ok: true, lines, warnings: [], ...(isIdle ? {} : { run }) };
}

async function planFor(world: World, obligations: readonly Obligation[]): Promise<ReconcilePlan> {
  const open = await world.state.journal.openRuns(world.database.name);
  const runs: InterruptedRun[] = [];
  for (const record of open) runs.push(await interrupted(world, record));
  // Without obligations the database need not be asked: it may be down.
  const database = obligations.length === 0 ? { unreachable: "it was not asked" } : await look(world);
  return planReconcile({ runs, obligations, database });
}

async function isSomethingOpen({ state, database: { name } }: World): Promise<boolean> {
  if ((await state.obligations.pending(name)).length > 0) return true;
  return (await state.journal.openRuns(name)).length > 0;
}

async function look(world: World): Promise<ReconcileInput["database"]> {
  const { connectMs, statementMs } = world.database.deadlines;
  const options: CallOptions = { deadlineMs: statementMs, signal: world.signal };
  try {
    await using db = await world.connector.connect({ ...options, deadlineMs: connectMs, container: ROOT });
    const identity = await readIdentity(db, options);
    const containers = await readContainers(db, identity, options);
    return { identity, containers, datafiles: await readDatafiles(db, containers, options) };
  } catch (error) {
    if (!isUmbraError(error) || world.signal.aborted) throw error;
    return { unreachable: error.message };
  }
}

/** A backup area that does not answer must not keep a database in backup mode. */
async function interrupted(world: World, record: RunRecord): Promise<InterruptedRun> {
  try {
    return { record, finished: await isFinished(world, record) };
  } catch (error) {
    if (!isUmbraError(error)) throw error;
    return { record, finished: "unknown", why: error.message };
  }
}

async function isFinished(world: World, { id, directory }: RunRecord): Promise<boolean> {
  if (directory === undefined) return false;
  const read = await readManifest(world, layoutBelow(directory).manifest);
  return read !== undefined && read.ok && read.manifest.backup === String(id);
}
