import type { RunId, StepId } from "../domain/names.ts";
import type { ReconcileSnapshotStep, ReconcileStep } from "../domain/reconcile-plan.ts";
import type { SnapshotObligation } from "../domain/snapshot-obligation.ts";

/** What a backup by snapshots of the primary volumes still owes. */
export interface OwedBySnapshots {
  readonly obligation: SnapshotObligation;
  /**
   * Whether the run's backup is one: then its snapshots stay. `unknown`: its directory could not be looked at, nothing of
   * it is touched.
   */
  readonly backup: "there" | "not there" | "unknown";
}

export interface SnapshotSteps {
  /** RESUME: before everything that reads or writes files of the database. */
  readonly bySnapshots: readonly ReconcileStep[];
  /** Before the snapshots go: some storages cannot delete one that is shown. */
  readonly views: readonly ReconcileStep[];
  /** Before the run's directory goes. */
  readonly ofRun: ReadonlyMap<RunId, readonly ReconcileStep[]>;
}

/** A table, so that a new kind does not compile until it is here. */
const KINDS: { readonly [K in ReconcileSnapshotStep["kind"]]: true } = {
  "resume-io": true,
  "hide-views": true,
  "delete-snapshots": true,
  "keep-snapshots": true,
};

export function isOnSnapshots(step: ReconcileStep): step is ReconcileSnapshotStep {
  return Object.hasOwn(KINDS, step.kind);
}

/** Only what a manifest does not name is deleted. */
export function snapshotSteps({
  snapshots = [],
}: {
  readonly snapshots?: readonly OwedBySnapshots[];
}): SnapshotSteps {
  const bySnapshots: ReconcileStep[] = [];
  const views: ReconcileStep[] = [];
  const ofRun = new Map<RunId, ReconcileStep[]>();
  for (const { obligation, backup } of snapshots) {
    const { id: owed, run, kind } = obligation;
    const common = { obligation: owed, run };
    const id = (step: string) => `${step}:${owed}` as StepId;
    if (kind === "resume") bySnapshots.push({ kind: "resume-io", id: id("resume-io"), ...common });
    else if (kind === "hide-views") views.push({ kind, id: id(kind), ...common });
    else if (backup === "unknown") continue;
    else ofRun.set(run, [...(ofRun.get(run) ?? []), endOf(obligation, backup === "there")]);
  }
  return { bySnapshots, views, ofRun };
}

function endOf(
  { id: obligation, run, snapshots }: Extract<SnapshotObligation, { readonly kind: "delete-snapshots" }>,
  stays: boolean,
): ReconcileStep {
  if (stays) return { kind: "keep-snapshots", id: `keep-snapshots:${obligation}` as StepId, obligation, run };
  const names = snapshots.map(({ volume, name }) => `snapshot ${name} of ${volume}`);
  return {
    kind: "delete-snapshots",
    id: `delete-snapshots:${obligation}` as StepId,
    obligation,
    run,
    snapshots: names,
  };
}
