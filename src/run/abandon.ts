import type { RunOutcome } from "../domain/journal.ts";
import type { AreaPlan, Plan } from "../domain/plan.ts";
import { exitClass } from "../errors/exit-classes.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { manifestText } from "../state/manifest-json.ts";
import { isAreaPlan } from "./area-plan.ts";
import { bringBack } from "./bring-back.ts";
import { dropSnapshots } from "./drop-snapshots.ts";
import { endBackup } from "./end-backup.ts";
import { failureText, messageOf } from "./failure-words.ts";
import { isFinished } from "./is-finished.ts";
import { removePicture } from "./remove-picture.ts";
import { removeRunFiles } from "./remove-run-files.ts";
import { resumeIo } from "./suspension.ts";
import type { RunResults } from "./run-results.ts";
import { settleArea } from "./tidy-area.ts";
import type { World } from "./world.ts";

export interface Abandoned {
  readonly outcome: Exclude<RunOutcome, "done">;
  /** What the run throws. */
  readonly failure: unknown;
}

/**
 * Undoes a run that failed: the database is brought back and resumed first, then backup mode is ended, then its files are removed. The journal is closed only when nothing is left; else
 * `umbra reconcile` finds it. A run that failed after its manifest was written is left to be adopted.
 */
export async function abandon(
  plan: Plan,
  world: World,
  results: RunResults,
  error: unknown,
): Promise<Abandoned> {
  // `start-up` has spent its time on just that.
  if (isUmbraError(error) && error.code === "UMB-10002") return { outcome: "failed", failure: error };
  const notBack = await startAgain(world, results);
  if (notBack !== undefined) {
    const { context } = notBack;
    const failure = new UmbraError("UMB-10002", { ...context, cause: failureText(error) }, { cause: error });
    return { outcome: "failed", failure };
  }
  // END BACKUP writes headers: it would wait for RESUME.
  const suspended = await resumeAgain(world, results);
  if (suspended !== undefined) {
    const { context } = suspended;
    const failure = new UmbraError("UMB-10003", { ...context, cause: failureText(error) }, { cause: error });
    return { outcome: "failed", failure };
  }
  const unended = await endAll(world, results);
  if (unended !== undefined) {
    const { context } = unended;
    const failure = new UmbraError("UMB-10001", { ...context, cause: failureText(error) }, { cause: error });
    return { outcome: "failed", failure };
  }
  const interrupted = world.signal.aborted;
  const outcome = interrupted ? "interrupted" : "failed";
  if (isAreaPlan(plan)) await closeArea(plan, world, results, { outcome, error: failureText(error) });
  else if (results.written === undefined)
    await close(plan, world, results, { outcome, error: failureText(error) });
  return { outcome, failure: interrupted ? stopped(world) : error };
}

/** Nothing is graver than a database that is down (rule 24). */
async function startAgain(world: World, { cold }: RunResults): Promise<UmbraError<"UMB-10002"> | undefined> {
  if (cold.startup === undefined) return undefined;
  const { run } = cold.startup;
  const { clock, reporter } = world;
  try {
    const { warnings } = await bringBack(world, cold.startup, { shutdown: cold.shutdown });
    cold.startup = undefined;
    for (const warning of warnings) reporter.event({ kind: "warning", at: clock.now(), run, warning });
    return undefined;
  } catch (error) {
    if (isUmbraError(error) && error.exit === exitClass.production) return error as UmbraError<"UMB-10002">;
    // It came after the proof: the obligation stays in the state, for reconcile to note.
    return undefined;
  }
}

async function resumeAgain(
  world: World,
  { snapshots }: RunResults,
): Promise<UmbraError<"UMB-10003"> | undefined> {
  const { suspended } = snapshots;
  if (suspended === undefined) return undefined;
  try {
    await resumeIo(world, suspended.obligation, suspended.spare);
    snapshots.suspended = undefined;
    return undefined;
  } catch (error) {
    if (isUmbraError(error) && error.exit === exitClass.production) return error as UmbraError<"UMB-10003">;
    // It came after the proof: the obligation stays in the state, for reconcile to note.
    return undefined;
  } finally {
    await suspended.spare.close();
  }
}

/** Each one is tried, whatever happens to the others. The first that could not be ended is what the run dies of. */
async function endAll(world: World, results: RunResults): Promise<UmbraError<"UMB-10001"> | undefined> {
  let first: UmbraError<"UMB-10001"> | undefined;
  for (const [step, obligation] of results.open) {
    try {
      await endBackup(world, obligation);
      results.open.delete(step);
    } catch (error) {
      // Any other failure came after the proof: the obligation stays in the state, for reconcile to note.
      if (isUmbraError(error) && error.exit === exitClass.production)
        first ??= error as UmbraError<"UMB-10001">;
    }
  }
  return first;
}

/** A storage or state that fails here too leaves the run open; what it failed of first is what is told. */
async function close(
  plan: Plan,
  world: World,
  { cold, snapshots }: RunResults,
  { outcome, error }: { readonly outcome: Abandoned["outcome"]; readonly error: string },
): Promise<void> {
  try {
    await removePicture(world, plan, cold);
    const { asked, unanswered } = snapshots;
    if (asked !== undefined) {
      // The manifest may be there although its writing failed: then reconcile adopts the backup.
      if (await isWritten(world, plan)) return;
      await dropSnapshots(world, asked, { answered: unanswered === 0 });
    }
    const { left } = await removeRunFiles(world, plan.directory, plan.run);
    // The manifest may be there although its writing failed: then reconcile adopts the backup.
    if (left.length > 0) return;
    await world.state.journal.closeRun(plan.run, { at: world.clock.now(), outcome, error });
  } catch {
    // Left for reconcile.
  }
}

async function isWritten({ backupHost, database }: World, { layout }: Plan): Promise<boolean> {
  const options = { deadlineMs: database.deadlines.statementMs };
  return (await backupHost.stat(layout.manifest, options)) !== undefined;
}

/** Copies stay as they are, marked; where none was touched, the manifest of before is true again. */
async function closeArea(
  plan: AreaPlan,
  world: World,
  { area, snapshots, written }: RunResults,
  { outcome, error }: { readonly outcome: Abandoned["outcome"]; readonly error: string },
): Promise<void> {
  const { previous, layout } = plan;
  try {
    if (written === undefined && area.marked !== undefined && !area.touched && previous !== undefined) {
      const options = { deadlineMs: world.database.deadlines.statementMs };
      await world.backupHost.writeAtomically(layout.manifest, manifestText(previous), options);
    }
    await settleArea(world);
    // What cannot be removed now is owed to reconcile.
    const { asked, unanswered } = snapshots;
    const { run: id, directory, kind } = plan;
    if (asked !== undefined && !(await isFinished(world, { id, directory, kind }))) {
      await dropSnapshots(world, asked, { answered: unanswered === 0 }).catch(() => {});
    }
    await world.state.journal.closeRun(plan.run, { at: world.clock.now(), outcome, error });
  } catch {
    // Left for reconcile.
  }
}

function stopped({ signal }: World): UmbraError {
  if (isUmbraError(signal.reason)) return signal.reason;
  return new UmbraError("UMB-13001", { reason: messageOf(signal.reason) });
}
