import type { RunRecord } from "../domain/journal.ts";
import { layoutBelow } from "../plan/backup-layout.ts";
import { isAreaRun } from "./area-plan.ts";
import { readManifest } from "./read-manifest.ts";
import type { World } from "./world.ts";

/** Whether the manifest of a run is there, whatever became of the run after it. Errors: UMB-7xxx of the area's host. */
export async function isFinished(
  world: World,
  { id, directory, kind }: Pick<RunRecord, "id" | "directory" | "kind">,
): Promise<boolean> {
  if (directory === undefined) return false;
  const read = await readManifest(world, layoutBelow(directory).manifest);
  if (read?.ok !== true) return false;
  const { manifest } = read;
  if (!isAreaRun(kind)) return manifest.backup === String(id);
  return manifest.kind === "refreshed" && manifest.run === String(id) && manifest.dirty.length === 0;
}
