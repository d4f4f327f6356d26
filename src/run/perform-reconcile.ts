import { ROOT, type RunId } from "../domain/names.ts";
import type { Obligation } from "../domain/obligation.ts";
import type { ReconcilePlan, ReconcileStep } from "../domain/reconcile-plan.ts";
import type { Refusal } from "../domain/refusal.ts";
import { formatScn } from "../domain/scn.ts";
import { exitClass } from "../errors/exit-classes.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { layoutBelow } from "../plan/backup-layout.ts";
import { catalogEntry } from "./catalog-entry.ts";
import { endBackup } from "./end-backup.ts";
import { failureText } from "./failure-words.ts";
import { readManifest } from "./read-manifest.ts";
import { ReconcileRecord } from "./reconcile-record.ts";
import { removeRunFiles } from "./remove-run-files.ts";
import type { StepOutcome } from "./step-context.ts";
import type { World } from "./world.ts";

/**
 * Performs the steps, with a record in the journal. Gives what stays open because a host failed or something under the
 * run's name is not umbra's; backup mode that cannot be ended is thrown (UMB-10001), after everything else was tried.
 */
export async function performReconcile(
  world: World,
  own: RunId,
  plan: ReconcilePlan,
  obligations: readonly Obligation[],
): Promise<readonly Refusal[]> {
  const record = new ReconcileRecord(world, own);
  await record.open(plan.steps.length);
  const left: Refusal[] = [];
  const held = new Set<string>();
  let unended: unknown;
  for (const [position, step] of plan.steps.entries()) {
    if (step.kind !== "end-backup" && held.has(step.run)) continue;
    try {
      await record.step(step, position, () => perform({ world, own, obligations, left }, step));
    } catch (error) {
      if (step.kind === "end-backup") {
        unended = graver(unended, error);
        const obligation = obligations.find((one) => one.id === step.obligation);
        if (obligation !== undefined) held.add(obligation.run);
        continue;
      }
      held.add(step.run);
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

/** What is still in backup mode counts for more than what could only not be noted. */
function graver(first: unknown, error: unknown): unknown {
  const atRisk = (one: unknown) => isUmbraError(one) && one.exit === exitClass.production;
  return first === undefined || (!atRisk(first) && atRisk(error)) ? error : first;
}

interface Performing {
  readonly world: World;
  /** The run that reconciles. */
  readonly own: RunId;
  readonly obligations: readonly Obligation[];
  readonly left: Refusal[];
}

async function perform(
  { world, own, obligations, left }: Performing,
  step: ReconcileStep,
): Promise<StepOutcome> {
  const { state, clock } = world;
  switch (step.kind) {
    case "end-backup": {
      const obligation = obligations.find((one) => one.id === step.obligation);
      if (obligation === undefined) return {};
      const { statements } = step;
      const how = { lookFrom: ROOT, ...(statements.length > 0 ? { statements } : {}) };
      const { scn, note } = await endBackup(world, obligation, how);
      return { note, scn: formatScn(scn) };
    }
    case "adopt-backup": {
      const read = await readManifest(world, layoutBelow(step.directory).manifest);
      if (read?.ok !== true) {
        const problem = read === undefined ? "the manifest is gone" : read.problem;
        throw new UmbraError("UMB-9005", { path: layoutBelow(step.directory).manifest, problem });
      }
      await state.catalog.add(catalogEntry(read.manifest, read.text, step.directory));
      return {};
    }
    case "remove-run": {
      const { left: foreign } = await removeRunFiles(world, step.directory, step.run);
      left.push(...foreign.map(notOurs));
      return foreign.length === 0 ? {} : { note: `left: ${foreign.join(", ")}` };
    }
    case "close-run": {
      const { outcome } = step;
      const error = outcome === "interrupted" ? { error: `interrupted; put right by ${own}` } : {};
      await state.journal.closeRun(step.run, { at: clock.now(), outcome, ...error });
      return {};
    }
  }
}

/** Told once: the run is closed all the same. */
function notOurs(path: string): Refusal {
  const seen = `${path} was left by an interrupted run, and is not provably umbra's`;
  return { code: "UMB-8005", seen, todo: "look at it and remove it by hand" };
}
