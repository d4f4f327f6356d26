import { readContainers } from "../discover/containers.ts";
import { readDatafiles } from "../discover/datafiles.ts";
import { readIdentity } from "../discover/identity.ts";
import type { Instant } from "../domain/instant.ts";
import type { RunRecord } from "../domain/journal.ts";
import { ROOT, type RunId } from "../domain/names.ts";
import type { ReconcilePlan } from "../domain/reconcile-plan.ts";
import type { Refusal, Warning } from "../domain/refusal.ts";
import type { SnapshotObligation } from "../domain/snapshot-obligation.ts";
import { exitClass } from "../errors/exit-classes.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { describeReconcileStep } from "../plan/describe-reconcile.ts";
import type { StepDescription } from "../plan/describe-step.ts";
import {
  type InstanceLook,
  type InterruptedRun,
  planReconcile,
  type ReconcileInput,
} from "../plan/reconcile.ts";
import { snapshotSteps } from "../plan/reconcile-snapshots.ts";
import type { CallOptions } from "../ports/database.ts";
import { isAlive } from "../state/process-identity.ts";
import { isFinished } from "./is-finished.ts";
import { openObligations } from "./open-obligations.ts";
import { type Owed, performReconcile } from "./perform-reconcile.ts";
import { owedBySnapshots } from "./reconcile-snapshots.ts";
import { leftPicture } from "./remove-left-picture.ts";
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
 * Errors: UMB-8001 where a run began meanwhile; UMB-10002 where a database that umbra shut down did not come back;
 * UMB-10001 where backup mode of ours could not be ended.
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
  // Until then the files of the database cannot even be read.
  if (!planOnly) await resumeFirst(world);
  const owed = await readOwed(world);
  const plan = await planFor(world, owed);
  if (planOnly) return { ok: true, lines: plan.steps.map(describeReconcileStep), warnings: plan.left };
  const starts = plan.steps.filter((step) => step.kind === "bring-back");
  if (starts.length === 0 || owed.obligations.length === 0) return await performed(world, run, plan, owed);
  // Files in backup mode can only be planned when the database is up again, and may be what keeps it from opening.
  const started = await performed(world, run, { steps: starts, left: [] }, owed).catch(whereAtRisk);
  const rest = await readOwed(world);
  const later = await performed(world, newRunId(world, "reconcile"), await planFor(world, rest), rest);
  if (started?.ok !== true || !later.ok) return later;
  return { ...later, lines: [...started.lines, ...later.lines], run };
}

/** It is tried again with the rest, and thrown by that. */
function whereAtRisk(error: unknown): undefined {
  if (!isUmbraError(error) || error.exit !== exitClass.production) throw error;
  return undefined;
}

async function performed(
  world: World,
  run: RunId,
  plan: ReconcilePlan,
  owed: Owed,
): Promise<ReconcileOutcome> {
  const isIdle = plan.steps.length === 0;
  const left = [...plan.left, ...(isIdle ? [] : await performReconcile(world, run, plan, owed))];
  if (left.length > 0) return { ok: false, refusals: left };
  return { ok: true, lines: plan.steps.map(describeReconcileStep), warnings: [], ...(isIdle ? {} : { run }) };
}

/** The database does not write: throws UMB-10003 where that cannot be ended. */
async function resumeFirst(world: World): Promise<void> {
  const owed = await readOwed(world);
  const resumes = owed.snapshots.filter(({ kind }) => kind === "resume");
  if (resumes.length === 0) return;
  const { bySnapshots } = snapshotSteps({
    snapshots: resumes.map((obligation) => ({ obligation, backup: "unknown" })),
  });
  await performed(world, newRunId(world, "reconcile"), { steps: bySnapshots, left: [] }, owed);
}

async function readOwed({ state, database: { name } }: World): Promise<Owed> {
  const [startups, obligations] = [await state.startups.pending(name), await state.obligations.pending(name)];
  const snapshots = (await state.snapshotObligations.pending(name)).filter(isDue);
  return { startups, obligations, snapshots };
}

/** A view that a living process reads is its own to take away. */
function isDue(obligation: SnapshotObligation): boolean {
  return obligation.kind !== "hide-views" || !isAlive(obligation.reader);
}

async function planFor(
  world: World,
  { startups, obligations, snapshots: owed }: Owed,
): Promise<ReconcilePlan> {
  const open = await world.state.journal.openRuns(world.database.name);
  const runs: InterruptedRun[] = [];
  for (const record of open) runs.push(await interrupted(world, record));
  const snapshots = await owedBySnapshots(world, owed, runs);
  const instance = await lookAtInstance(world, startups.length > 0);
  const isSuspended = owed.some(({ kind }) => kind === "resume");
  const database = isSuspended
    ? { unreachable: "it is suspended, or was about to be" }
    : await look(world, startups.length + obligations.length > 0, instance);
  const leases = world.state.leases.over(world.database.name);
  return planReconcile({ runs, startups, obligations, snapshots, leases, instance, database });
}

async function lookAtInstance(world: World, isOwed: boolean): Promise<InstanceLook> {
  const { instance, database, signal } = world;
  if (!isOwed) return { unknown: "it was not asked", control: false };
  if (instance === undefined)
    return { unknown: "the configuration names no way to start the instance", control: false };
  try {
    const { state } = await instance.status({ deadlineMs: database.deadlines.statementMs, signal });
    return { state };
  } catch (error) {
    if (!isUmbraError(error) || signal.aborted) throw error;
    return { unknown: error.message, control: true };
  }
}

async function isSomethingOpen({ state, database: { name } }: World): Promise<boolean> {
  if ((await openObligations(state, name)).length > 0) return true;
  if ((await state.snapshotObligations.pending(name)).some(isDue)) return true;
  return (await state.journal.openRuns(name)).length > 0 || state.leases.over(name).length > 0;
}

/** Without obligations the database need not be asked: it may be down. */
async function look(
  world: World,
  isOwed: boolean,
  instance: InstanceLook,
): Promise<ReconcileInput["database"]> {
  if (!isOwed) return { unreachable: "it was not asked" };
  if ("state" in instance && instance.state === "down") return { unreachable: "its instance is down" };
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

/** A backup area that does not answer must not keep a database down or in backup mode. */
async function interrupted(world: World, record: RunRecord): Promise<InterruptedRun> {
  const picture = (await leftPicture(world, record)) ? { picture: true } : {};
  try {
    return { record, ...picture, finished: await isFinished(world, record) };
  } catch (error) {
    if (!isUmbraError(error)) throw error;
    return { record, ...picture, finished: "unknown", why: error.message };
  }
}
