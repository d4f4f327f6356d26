import { counted } from "../../domain/human.ts";
import { tidyArea as tidy } from "../tidy-area.ts";
import type { Handler } from "../step-context.ts";

/** After the manifest that does not name it any more. */
export const tidyArea: Handler<"tidy-area"> = async (_step, { world, hosts }) => {
  const removed = await tidy(world, hosts);
  return removed.length === 0 ? {} : { note: `${counted(removed.length, "file")} removed`, removed };
};
