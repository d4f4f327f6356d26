import type { SnapshotManifest } from "../domain/manifest.ts";
import type { SnapshotBackupPlan } from "../domain/plan.ts";
import type { StepContext } from "./step-context.ts";

/** What only the manifest of a backup by snapshots has. */
export function snapshotParts(
  { suspend }: SnapshotBackupPlan,
  { results }: StepContext,
): Pick<SnapshotManifest, "datafiles" | "snapshots" | "suspended" | "snapshotTime"> {
  const { files, snapshots, snapshotTime } = results.snapshots;
  return {
    datafiles: files.toSorted((a, b) => a.file - b.file),
    snapshots,
    suspended: suspend,
    ...(snapshotTime === undefined ? {} : { snapshotTime }),
  };
}
