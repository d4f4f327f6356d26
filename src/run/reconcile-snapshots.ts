import type { ReconcileSnapshotStep } from "../domain/reconcile-plan.ts";
import type { SnapshotObligation } from "../domain/snapshot-obligation.ts";
import type { InterruptedRun } from "../plan/reconcile.ts";
import type { OwedBySnapshots } from "../plan/reconcile-snapshots.ts";
import { dropSnapshots } from "./drop-snapshots.ts";
import { hideViews } from "./snapshot-views.ts";
import type { StepOutcome } from "./step-context.ts";
import { resumeIo } from "./suspension.ts";
import type { World } from "./world.ts";

/** Each with what became of its run: the journal, the manifest and the catalog must all deny the backup before it goes. */
export async function owedBySnapshots(
  { state }: World,
  owed: readonly SnapshotObligation[],
  runs: readonly InterruptedRun[],
): Promise<readonly OwedBySnapshots[]> {
  const answers: OwedBySnapshots[] = [];
  for (const obligation of owed) {
    const open = runs.find(({ record }) => record.id === obligation.run);
    const record = await state.journal.run(obligation.run);
    const known = (await state.catalog.get(obligation.run)) !== undefined || record?.outcome === "done";
    const there = known || open?.finished === true;
    const backup = there ? "there" : open?.finished === "unknown" ? "unknown" : "not there";
    answers.push({ obligation, backup });
  }
  return answers;
}

/** Performs what `snapshotSteps` planned. Discharged meanwhile is done. */
export async function performOnSnapshots(
  world: World,
  step: ReconcileSnapshotStep,
  owed: readonly SnapshotObligation[],
): Promise<StepOutcome> {
  const obligation = owed.find(({ id }) => id === step.obligation);
  if (obligation === undefined) return {};
  switch (obligation.kind) {
    case "resume": {
      const { note } = await resumeIo(world, obligation);
      return { note };
    }
    case "hide-views":
      await hideViews(world, obligation);
      return {};
    case "delete-snapshots": {
      if (step.kind !== "keep-snapshots")
        return { ...(await dropSnapshots(world, obligation, { answered: false })) };
      await world.state.snapshotObligations.discharge(
        obligation.id,
        world.clock.now(),
        "kept by the manifest",
      );
      return {};
    }
  }
}
