import { type FilePath, ROOT, type RunId } from "../domain/names.ts";
import type { Obligation, StartupObligation } from "../domain/obligation.ts";
import type { ReconcilePlan, ReconcileStep } from "../domain/reconcile-plan.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { SnapshotObligation } from "../domain/snapshot-obligation.ts";
import { formatScn } from "../domain/scn.ts";
import { exitClass } from "../errors/exit-classes.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { layoutBelow } from "../plan/backup-layout.ts";
import { isOnSnapshots } from "../plan/reconcile-snapshots.ts";
import { bringBack } from "./bring-back.ts";
import { catalogEntry } from "./catalog-entry.ts";
import { endBackup } from "./end-backup.ts";
import { failureText } from "./failure-words.ts";
import { readManifest } from "./read-manifest.ts";
import { performOnSnapshots } from "./reconcile-snapshots.ts";
import { ReconcileRecord } from "./reconcile-record.ts";
import { removeLeftPicture } from "./remove-left-picture.ts";
import { removeRunFiles } from "./remove-run-files.ts";
import type { StepOutcome } from "./step-context.ts";
import { settleArea } from "./tidy-area.ts";
import type { World } from "./world.ts";

/** The timer comes again; until then the next database of the fleet must not wait for this one. */
const PATIENCE_MS = 60_000;

/** What keeps the database from its work, or from being opened again. */
const OWED_TO_PRODUCTION: ReadonlySet<ReconcileStep["kind"]> = new Set([
  "bring-back",
  "resume-io",
  "end-backup",
]);

/** What the steps fulfil, by its ids. */
export interface Owed {
  readonly startups: readonly StartupObligation[];
  readonly obligations: readonly Obligation[];
  readonly snapshots: readonly SnapshotObligation[];
}

/**
 * Performs the steps, with a record in the journal. Gives what stays open because a host failed or something under the
 * run's name is not umbra's; backup mode that cannot be ended is thrown (UMB-10001), after everything else was tried.
 */
export async function performReconcile(
  world: World,
  own: RunId,
  plan: ReconcilePlan,
  owed: Owed,
): Promise<readonly Refusal[]> {
  const record = new ReconcileRecord(world, own);
  await record.open(plan.steps.length);
  const left: Refusal[] = [];
  const held = new Set<string>();
  let unended: unknown;
  for (const [position, step] of plan.steps.entries()) {
    const isOwed = OWED_TO_PRODUCTION.has(step.kind);
    if (!isOwed && held.has(runOf(step, owed) ?? "")) continue;
    try {
      await record.step(step, position, () => perform({ world, own, owed, left }, step));
    } catch (error) {
      held.add(runOf(step, owed) ?? "");
      if (isOwed) {
        unended = graver(unended, error);
        continue;
      }
      if (!isUmbraError(error)) throw error;
      left.push({ code: error.code, seen: error.message, todo: error.hint });
    }
  }
  const failure = unended ?? record.problem;
  if (failure === undefined) await record.close("done");
  else await record.close("failed", failureText(failure));
  if (unended !== undefined) throw unended;
  if (record.problem !== undefined) throw record.problem;
  return left;
}

function runOf(step: ReconcileStep, { obligations }: Owed): RunId | undefined {
  if (step.kind !== "end-backup") return step.run;
  return obligations.find((one) => one.id === step.obligation)?.run;
}

/** What is down or still in backup mode counts for more than what could only not be noted. */
function graver(first: unknown, error: unknown): unknown {
  const atRisk = (one: unknown) => isUmbraError(one) && one.exit === exitClass.production;
  return first === undefined || (!atRisk(first) && atRisk(error)) ? error : first;
}

interface Performing {
  readonly world: World;
  /** The run that reconciles. */
  readonly own: RunId;
  readonly owed: Owed;
  readonly left: Refusal[];
}

async function perform({ world, own, owed, left }: Performing, step: ReconcileStep): Promise<StepOutcome> {
  const { state, clock } = world;
  if (isOnSnapshots(step)) return await performOnSnapshots(world, step, owed.snapshots);
  switch (step.kind) {
    case "bring-back":
      return await start(
        world,
        own,
        owed.startups.find((one) => one.id === step.obligation),
      );
    case "end-backup": {
      const obligation = owed.obligations.find((one) => one.id === step.obligation);
      if (obligation === undefined) return {};
      const { statements } = step;
      const how = { lookFrom: ROOT, ...(statements.length > 0 ? { statements } : {}) };
      const { scn, note } = await endBackup(world, obligation, how);
      return { note, scn: formatScn(scn) };
    }
    case "remove-picture":
      await removeLeftPicture(world, step.run);
      return {};
    case "adopt-backup":
      await adopt(world, step.directory);
      return {};
    case "settle-area":
      await settleArea(world);
      return {};
    case "remove-run": {
      const { left: foreign } = await removeRunFiles(world, step.directory, step.run);
      left.push(...foreign.map(notOurs));
      return foreign.length === 0 ? {} : { note: `left: ${foreign.join(", ")}` };
    }
    case "release-leases":
      state.leases.release(step.run);
      return {};
    case "close-run": {
      const { outcome } = step;
      const error = outcome === "interrupted" ? { error: `interrupted; put right by ${own}` } : {};
      await state.journal.closeRun(step.run, { at: clock.now(), outcome, ...error });
      return {};
    }
  }
}

async function start(world: World, run: RunId, startup: StartupObligation | undefined): Promise<StepOutcome> {
  if (startup === undefined) return {};
  const { note, warnings } = await bringBack(world, startup, { patienceMs: PATIENCE_MS });
  for (const warning of warnings)
    world.reporter.event({ kind: "warning", at: world.clock.now(), run, warning });
  return { note };
}

async function adopt(world: World, directory: FilePath): Promise<void> {
  const path = layoutBelow(directory).manifest;
  const read = await readManifest(world, path);
  if (read?.ok !== true) {
    const problem = read === undefined ? "the manifest is gone" : read.problem;
    throw new UmbraError("UMB-9005", { path, problem });
  }
  await world.state.catalog.add(catalogEntry(read.manifest, read.text, directory));
}

/** Told once: the run is closed all the same. */
function notOurs(path: string): Refusal {
  const seen = `${path} was left by an interrupted run, and is not provably umbra's`;
  return { code: "UMB-8005", seen, todo: "look at it and remove it by hand" };
}
