import { counted } from "../../domain/human.ts";
import { markCopies } from "../mark-copies.ts";
import type { Handler } from "../step-context.ts";

/** Before the first block of any copy is written. */
export const markDirty: Handler<"mark-dirty"> = async ({ files }, context) => {
  const marked = await markCopies(files, context);
  return { note: `${counted(marked, "datafile")} marked` };
};
