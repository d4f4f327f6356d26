import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-1xxx: umbra itself is wrong. */
export const bugErrors = {
  "UMB-1001": entry<{ what: string }>(
    exitClass.bug,
    (c) => `a bug in umbra: ${c.what}`,
    "report this with the command's whole output",
  ),
} as const;
