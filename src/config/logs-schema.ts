import { z } from "zod";

import { choice, duration, size } from "./value-schemas.ts";

/** How archived logs come into the live backup area. */
export const logsSchema = z.strictObject({
  guard: choice(["warn", "defer"]).describe(
    "What happens when umbra's archive destination hangs, fails or fills: only say so, or defer it too, and enable it again later.",
  ),
  free: size.describe("Free space below which the log directory counts as full, as in 5GiB."),
  reopen: duration.describe("After how long the database tries a failed destination again (REOPEN)."),
  lag: duration.describe("How long a log may be on its way into the area before it counts as delayed."),
});
