import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-10xxx: production is at risk. */
export const productionErrors = {
  "UMB-10001": entry<{ database: string; files: readonly string[]; problem: string; cause?: string }>(
    exitClass.production,
    (c) =>
      `${c.database}: still in backup mode: ${c.files.join(", ")} (${c.problem})${c.cause === undefined ? "" : `; the run had failed with ${c.cause}`}`,
    "run `umbra reconcile` as soon as the database can be reached, or end them by hand: ALTER DATABASE END BACKUP",
  ),
} as const;
