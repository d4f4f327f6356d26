import type { HostConfig } from "../../domain/fleet.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, warning } from "../line.ts";

/** A difference that no NTP client leaves (rule 124). */
const SKEW_MS = 5_000;

export const hostClock: DoctorCheck<HostConfig> = {
  what: "clock",
  look: async ({ diagnostics }, { name, forcedCommand }, call) => {
    if (forcedCommand === true) return undefined;
    const { clock } = diagnostics;
    const before = clock.now();
    const startedAt = clock.monotonicMs();
    const { stdout } = await diagnostics.host(name).run(["date", "+%s"], { ...call, maxOutputBytes: 1_000 });
    const roundTripMs = clock.monotonicMs() - startedAt;
    // Whole seconds there: half of one is added, and with the way there and back it is what is not known.
    const there = Number(stdout.toString().trim()) * 1000 + 500;
    const skewMs = Math.round(there - before - roundTripMs / 2);
    const unsureMs = Math.ceil(roundTripMs / 2 + 500);
    const seen = `${skewMs} ms ± ${unsureMs} ms from this machine's`;
    if (Math.abs(skewMs) - unsureMs <= SKEW_MS) return ok(seen);
    return warning(
      seen,
      "synchronise the clocks of both machines (chrony, ntpd): times are compared between them",
    );
  },
};
