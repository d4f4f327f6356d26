import { z } from "zod";

import { choice, duration } from "./value-schemas.ts";

/** How a cold backup is made. */
export const coldSchema = z.strictObject({
  mode: choice(["auto", "plain", "pre-copy", "snapshot"]).describe(
    "What the downtime depends on: plain, the size; pre-copy, what changed meanwhile; snapshot, nothing. auto chooses.",
  ),
  shutdown: choice(["immediate", "transactional", "normal"]).describe("Which SHUTDOWN is sent."),
  "max-downtime": duration
    .optional()
    .describe("Longest time between SHUTDOWN and the database open again. Without it: any."),
  "on-overrun": choice(["stop-copy", "continue"]).describe(
    "What happens when max-downtime is over: give the backup up and open the database, or finish the copies.",
  ),
  "abort-when-stuck": z
    .boolean({ error: "must be true or false" })
    .describe(
      "Abort an instance whose SHUTDOWN misses its deadline; it is then started and shut down cleanly.",
    ),
});
