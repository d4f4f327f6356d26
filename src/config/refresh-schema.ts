import { z } from "zod";

import { choice } from "./value-schemas.ts";

/** How the image copies of the live backup area are brought forward. */
export const refreshSchema = z.strictObject({
  engine: choice(["blocks", "rman"]).describe(
    "What brings the copies forward: umbra itself in backup mode, or RMAN's incremental merge.",
  ),
  find: choice(["compare", "hashes"]).describe(
    "How engine blocks finds what changed: by reading the copy too, which proves it, or by hashes stored of it.",
  ),
  parallel: z
    .int({ error: "must be a whole number" })
    .min(1, { error: "must be at least 1" })
    .max(64, { error: "must be at most 64" })
    .describe("Datafiles brought forward, or copied, at the same time."),
  snapshot: choice(["none", "before", "after", "both"]).describe(
    "When a refresh takes a snapshot of the area, where its storage can: that is the history.",
  ),
});
