import type { Plan } from "../domain/plan.ts";
import type { World } from "./world.ts";

/** Removes the picture of a plan that takes one, whether it was taken or not. */
export async function removePicture({ picture, database }: World, plan: Plan): Promise<void> {
  const files = plan.steps.flatMap((step) => (step.kind === "take-picture" ? step.files : []));
  if (picture === undefined || files.length === 0) return;
  await picture.remove(plan.run, files, { deadlineMs: database.deadlines.copyStallMs });
}
