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
  /** `state`: how it was seen last, `is down`. `problems`: what is not as it was, and what was tried. */
  "UMB-10002": entry<{
    database: string;
    state: string;
    problems: readonly string[];
    byHand: readonly string[];
    cause?: string;
  }>(
    exitClass.production,
    (c) =>
      `${c.database} ${c.state}: ${c.problems.join("; ")}${c.byHand.length === 0 ? "" : `; by hand: ${c.byHand.join("; ")}`}${c.cause === undefined ? "" : `; the run had failed with ${c.cause}`}`,
    "run `umbra reconcile` when the cause is gone (its timer does that every minute), or bring it back by hand as told",
  ),
  "UMB-10003": entry<{ database: string; problem: string; cause?: string }>(
    exitClass.production,
    (c) =>
      `${c.database}: still suspended, nothing is written (${c.problem})${c.cause === undefined ? "" : `; the run had failed with ${c.cause}`}`,
    "resume it by hand at once, AS SYSDBA: ALTER SYSTEM RESUME; then run `umbra reconcile`",
  ),
} as const;
