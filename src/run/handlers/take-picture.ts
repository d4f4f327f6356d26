import { UmbraError } from "../../errors/umbra-error.ts";
import type { Handler } from "../step-context.ts";

/** The files as they are now, whatever their size; they are copied when the database is open again. */
export const takePicture: Handler<"take-picture"> = async ({ files }, { world, plan, results, signal }) => {
  if (world.picture === undefined) throw new UmbraError("UMB-1001", { what: "nothing can take a picture" });
  const deadlineMs = world.database.deadlines.copyStallMs;
  results.cold.pictureBegun = true;
  results.cold.picture = await world.picture.take(plan.run, files, { deadlineMs, signal });
  return {};
};
