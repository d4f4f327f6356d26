import type { HostConfig } from "../../domain/fleet.ts";
import { hostAddressText } from "../../domain/host-address.ts";
import { formatDuration } from "../../domain/human.ts";
import type { FilePath } from "../../domain/names.ts";
import type { DoctorCheck } from "../check.ts";
import { ok } from "../line.ts";

/** Reaches the host, knows its key, logs in and runs something. */
export const login: DoctorCheck<HostConfig> = {
  what: "login",
  look: async ({ diagnostics }, { name, address, user, login: how, forcedCommand }, call) => {
    const { clock } = diagnostics;
    const startedAt = clock.monotonicMs();
    const host = diagnostics.host(name);
    if (forcedCommand === true) await host.stat("/" as FilePath, call);
    else await host.run(["true"], { ...call, maxOutputBytes: 10_000 });
    const took = formatDuration(clock.monotonicMs() - startedAt);
    return ok(`${user} at ${hostAddressText(address)} by ${how.by}, host key known, after ${took}`);
  },
};
