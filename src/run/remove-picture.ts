import type { Plan } from "../domain/plan.ts";
import type { ColdResults } from "./cold-results.ts";
import type { World } from "./world.ts";

/** Removes the picture that a run took or began to take. */
export async function removePicture(
  { picture, database }: World,
  plan: Plan,
  cold: ColdResults,
): Promise<void> {
  if (picture === undefined || !cold.pictureBegun) return;
  const files = plan.steps.flatMap((step) => (step.kind === "take-picture" ? step.files : []));
  await picture.remove(plan.run, files, { deadlineMs: database.deadlines.copyStallMs });
  cold.pictureBegun = false;
  cold.picture = undefined;
}
