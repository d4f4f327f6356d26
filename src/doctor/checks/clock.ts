import type { Fleet } from "../../domain/fleet.ts";
import { formatUtc, instant } from "../../domain/instant.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, problem } from "../line.ts";

/** Before umbra was written no clock was right. 2026-01-01. */
const EARLIEST = instant(1_767_225_600_000);
/** What a clock is set back by without harm. */
const SLACK_MS = 5_000;

const ADVICE =
  "synchronise this machine's clock (chrony, ntpd): backups are named, and retention decides, by it";

export const clock: DoctorCheck<Fleet> = {
  what: "clock",
  look: async ({ diagnostics, state }) => {
    const now = diagnostics.clock.now();
    if (now < EARLIEST) return problem(formatUtc(now), ADVICE);
    const runs = await (await state()).journal.runs();
    const latest = Math.max(...runs.map(({ startedAt }) => startedAt), 0);
    if (latest - SLACK_MS <= now) return ok(formatUtc(now));
    return problem(`${formatUtc(now)}, but a run was started at ${formatUtc(instant(latest))}`, ADVICE);
  },
};
