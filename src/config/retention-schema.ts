import { z } from "zod";

import { longDuration, zone } from "./value-schemas.ts";

/** Ten years of hours. */
const MOST_PERIODS = 100_000;

const count = (least: number) =>
  z
    .int({ error: "must be a whole number" })
    .min(least, { error: `must be at least ${least}` })
    .max(MOST_PERIODS, { error: `must be at most ${MOST_PERIODS}` });

const newest = (period: string) =>
  count(0).optional().describe(`The newest good backup of so many ${period} that have one stays.`);

/** Which backups and snapshots stay. */
export const retentionSchema = z.strictObject({
  zone: zone.describe("Time zone whose hours and days count, as Europe/Berlin."),
  hourly: newest("hours"),
  daily: newest("days"),
  weekly: newest("weeks"),
  monthly: newest("months"),
  yearly: newest("years"),
  "keep-within": longDuration
    .optional()
    .describe("Everything stays that is not older than this, measured from the newest good backup."),
  "minimum-good": count(1).describe("So many of the newest good backups stay, whatever else is said."),
  "minimum-proven": count(1).describe("So many of the newest backups stay that a restore has proven."),
  protect: longDuration.describe(
    "No point in time of so long ago until now may be lost that can be restored.",
  ),
  grace: longDuration.describe(
    "So long something that goes is still there, and `umbra retention undo` keeps it.",
  ),
  "after-refresh": z
    .boolean({ error: "must be true or false" })
    .describe("Each refresh ends with `umbra retention apply --by-policy`."),
});

/** Without one of these a policy would give nearly everything away. */
export const KEEP_RULES = ["hourly", "daily", "weekly", "monthly", "yearly", "keep-within"] as const;
