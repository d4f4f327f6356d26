import type { Obligation } from "../domain/obligation.ts";
import { ROOT } from "../domain/names.ts";
import type { ReconcilePlan, ReconcileStep } from "../domain/reconcile-plan.ts";
import type { Refusal } from "../domain/refusal.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { layoutBelow } from "../plan/backup-layout.ts";
import { catalogEntry } from "./catalog-entry.ts";
import { endBackup } from "./end-backup.ts";
import { readManifest } from "./read-manifest.ts";
import { removeRunFiles } from "./remove-run-files.ts";
import type { World } from "./world.ts";

/**
 * Performs the steps. Gives what stays open because a host failed or something under the run's name is not umbra's;
 * backup mode that cannot be ended is thrown (UMB-10001), after everything else was tried.
 */
export async function performReconcile(
  world: World,
  plan: ReconcilePlan,
  obligations: readonly Obligation[],
): Promise<readonly Refusal[]> {
  const left: Refusal[] = [];
  const held = new Set<string>();
  let unended: unknown;
  for (const step of plan.steps) {
    if (step.kind !== "end-backup" && held.has(step.run)) continue;
    try {
      left.push(...(await perform(world, step, obligations)));
    } catch (error) {
      if (!isUmbraError(error)) throw error;
      if (step.kind === "end-backup") {
        unended ??= error;
        const obligation = obligations.find((one) => one.id === step.obligation);
        if (obligation !== undefined) held.add(obligation.run);
      } else {
        held.add(step.run);
        left.push({ code: error.code, seen: error.message, todo: error.hint });
      }
    }
  }
  if (unended !== undefined) throw unended;
  return left;
}

async function perform(
  world: World,
  step: ReconcileStep,
  obligations: readonly Obligation[],
): Promise<readonly Refusal[]> {
  const { state, clock } = world;
  switch (step.kind) {
    case "end-backup": {
      const obligation = obligations.find((one) => one.id === step.obligation);
      const { statements } = step;
      const how = { lookFrom: ROOT, ...(statements.length > 0 ? { statements } : {}) };
      if (obligation !== undefined) await endBackup(world, obligation, how);
      return [];
    }
    case "adopt-backup": {
      const read = await readManifest(world, layoutBelow(step.directory).manifest);
      if (read?.ok === true) await state.catalog.add(catalogEntry(read.manifest, read.text, step.directory));
      return [];
    }
    case "remove-run": {
      const { left } = await removeRunFiles(world, step.directory, step.run);
      return left.map(notOurs);
    }
    case "close-run": {
      const { outcome } = step;
      const error = outcome === "interrupted" ? { error: "interrupted; put right by umbra reconcile" } : {};
      await state.journal.closeRun(step.run, { at: clock.now(), outcome, ...error });
      return [];
    }
  }
}

/** Told once: the run is closed all the same. */
function notOurs(path: string): Refusal {
  const seen = `${path} was left by an interrupted run, and is not provably umbra's`;
  return { code: "UMB-8005", seen, todo: "look at it and remove it by hand" };
}
