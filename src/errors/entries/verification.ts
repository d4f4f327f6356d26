import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-9xxx. */
export const verificationErrors = {
  "UMB-9101": entry<{ path: string; block: number; verdict: string; attempts: number }>(
    exitClass.verification,
    (c) => `${c.path}: block ${c.block} is damaged (${c.verdict}), read ${c.attempts} times`,
    "check the datafile with DBVERIFY or RMAN VALIDATE; the backup before this one may still hold the block",
  ),
  "UMB-9102": entry<{ path: string; reason: string }>(
    exitClass.verification,
    (c) => `${c.path}: cannot be copied as an Oracle file: ${c.reason}`,
    "check that the path is what the database says, and the file itself with DBVERIFY",
  ),
} as const;
