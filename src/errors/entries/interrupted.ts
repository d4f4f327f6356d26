import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-13xxx: stopped from outside. */
export const interruptedErrors = {
  "UMB-13001": entry<{ reason: string }>(
    exitClass.interrupted,
    (c) => `stopped: ${c.reason}`,
    "nothing is in backup mode any more; run the command again when it suits",
  ),
} as const;
