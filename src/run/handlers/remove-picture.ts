import { removePicture } from "../remove-picture.ts";
import type { Handler } from "../step-context.ts";

export const removeRunPicture: Handler<"remove-picture"> = async (_step, { world, plan, results }) => {
  await removePicture(world, plan, results.cold);
  return {};
};
