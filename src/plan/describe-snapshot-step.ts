import { counted } from "../domain/human.ts";
import { ROOT } from "../domain/names.ts";
import type { SnapshotStep, SnapshotVolumes } from "../domain/snapshot-step.ts";
import type { StepDescription } from "./describe-step.ts";
import { RESUME_SQL, SUSPEND_SQL } from "./sql-text.ts";

/** A step that only a backup by snapshots of the primary volumes has. */
export function describeSnapshotStep(step: SnapshotStep): StepDescription {
  const { id } = step;
  switch (step.kind) {
    case "snapshot-volumes":
      return { id, title: volumesTitle(step), sql: [] };
    case "suspend-io":
      return { id, title: "suspend all writing of the database", container: ROOT, sql: [SUSPEND_SQL] };
    case "resume-io":
      return { id, title: "resume the writing of the database", container: ROOT, sql: [RESUME_SQL] };
    case "check-snapshots":
      return {
        id,
        title: `check the headers of ${counted(step.files.length, "datafile")} in the snapshots`,
        sql: [],
      };
    case "read-snapshots":
      return { id, title: "read and check every block in the snapshots", sql: [] };
  }
}

/** The volumes by name: which of them are one moment is what a reader asks. */
function volumesTitle({ storage, volumes, atOnce, name }: SnapshotVolumes): string {
  const names = volumes.map(({ volume }) => volume).join(", ");
  return `take the snapshot ${name} of ${names} on ${storage}${atOnce ? ", at one moment" : ""}`;
}
