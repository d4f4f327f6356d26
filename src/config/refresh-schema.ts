import { z } from "zod";

import { choice, size } from "./value-schemas.ts";

/** How the image copies of the live backup area are brought forward. */
export const refreshSchema = z.strictObject({
  engine: choice(["blocks", "rman"]).describe(
    "What brings the copies forward: umbra itself in backup mode, or RMAN's incremental merge.",
  ),
  find: choice(["compare", "hashes", "list"]).describe(
    "How engine blocks finds what changed: by reading the copy too, which proves it, by hashes stored of it, or by what the storage of the datafiles lists, which keeps a snapshot there from one refresh to the next.",
  ),
  "section-size": size
    .optional()
    .describe(
      "Engine rman, Enterprise Edition: larger datafiles are read in pieces of this size, by several channels.",
    ),
  tag: z
    .string({ error: "must be a text" })
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,29}$/, {
      error: "must be a letter, then at most 29 letters, digits or _",
    })
    .optional()
    .describe(
      "Engine rman: the tag of umbra's copies, which nobody else may use. Default: UMBRA_ and the name.",
    ),
  parallel: z
    .int({ error: "must be a whole number" })
    .min(1, { error: "must be at least 1" })
    .max(64, { error: "must be at most 64" })
    .describe("Datafiles brought forward, or copied, at the same time; channels of engine rman."),
  snapshot: choice(["none", "before", "after", "both"]).describe(
    "When a refresh takes a snapshot of the area, where its storage can: that is the history.",
  ),
});
