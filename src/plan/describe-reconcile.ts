import { ROOT } from "../domain/names.ts";
import type { ReconcileSnapshotStep, ReconcileStep } from "../domain/reconcile-plan.ts";
import type { StepDescription } from "./describe-step.ts";
import { isOnSnapshots } from "./reconcile-snapshots.ts";
import { RESUME_SQL } from "./sql-text.ts";

/** One step of a reconcile plan as it is shown. */
export function describeReconcileStep(step: ReconcileStep): StepDescription {
  const { id } = step;
  if (isOnSnapshots(step)) return describeSnapshotStep(step);
  switch (step.kind) {
    case "end-backup": {
      const what =
        step.files.length === 0
          ? "confirm that nothing is in backup mode"
          : `end backup mode of datafile ${step.files.join(", ")}`;
      const container = step.statements[0]?.container ?? ROOT;
      const sql = step.statements.map((one) => one.sql);
      return { id, title: `${what} (${step.obligation})`, container, sql };
    }
    case "bring-back":
      return { id, title: `${bringBackTitle(step.found, step.openMode)} (${step.obligation})`, sql: [] };
    case "remove-picture":
      return { id, title: `remove the picture of the datafiles that ${step.run} took`, sql: [] };
    case "adopt-backup":
      return {
        id,
        title: `take the finished backup ${step.run} into the catalog`,
        sql: [],
        target: step.directory,
      };
    case "settle-area":
      return {
        id,
        title: `remove what ${step.run} half wrote in the live area; its copies stay`,
        sql: [],
        target: step.directory,
      };
    case "remove-run":
      return { id, title: `remove the unfinished files of ${step.run}`, sql: [], target: step.directory };
    case "release-leases":
      return { id, title: `note that ${step.run} uses ${step.objects.join(", ")} no more`, sql: [] };
    case "close-run":
      return { id, title: `close run ${step.run} as ${step.outcome}`, sql: [] };
  }
}

function describeSnapshotStep(step: ReconcileSnapshotStep): StepDescription {
  const { id } = step;
  switch (step.kind) {
    case "resume-io":
      return { id, title: `resume the writing of the database (${step.obligation})`, sql: [RESUME_SQL] };
    case "hide-views":
      return { id, title: `take away the views of snapshots that ${step.run} read`, sql: [] };
    case "delete-snapshots":
      return { id, title: `delete what ${step.run} took: ${step.snapshots.join(", ")}`, sql: [] };
    case "keep-snapshots":
      return { id, title: `note that the snapshots of ${step.run} stay`, sql: [] };
  }
}

function bringBackTitle(found: string, openMode: string): string {
  const as = openMode === "MOUNTED" ? "mounted" : `open ${openMode}`;
  if (found === "open") return `confirm that the database is ${as}, as it was`;
  if (found === "stopping")
    return `wait for the end of the shutdown, then start the database: ${as}, as it was`;
  const now = found === "unknown" ? "its state cannot be asked" : `it is ${found}`;
  return `start the database (${now}): ${as}, as it was`;
}
