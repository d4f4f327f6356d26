import type { Fleet } from "../../domain/fleet.ts";
import { formatBytes } from "../../domain/human.ts";
import { isNetwork, mountOf } from "../../domain/mount.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, problem, warning } from "../line.ts";

/** The journal of thousands of runs needs less; a full disk stops a backup before it begins. */
const LEAST_FREE_BYTES = 100 * 1024 ** 2;
const GONE_AT_BOOT = /^(tmpfs|ramfs)$/;

export const stateDirectory: DoctorCheck<Fleet> = {
  what: "state",
  look: async ({ fleet, diagnostics, state }, _fleet, call) => {
    const path = fleet.stateDirectory;
    // Opening it writes, and brings it to the schema of this version.
    await state();
    const host = diagnostics.host();
    const free = await host.freeBytes(path, call);
    const mount = mountOf(path, await host.mounts(call));
    const kind = mount?.kind ?? "unknown file system";
    const seen = `${path}: writable, of this version, ${kind}, ${formatBytes(free)} free`;
    // SQLite's locks and its write-ahead log are not safe there.
    if (mount !== undefined && isNetwork(mount))
      return problem(seen, "state must lie on a local disk: it must not hang or vanish with a server");
    if (GONE_AT_BOOT.test(kind))
      return warning(seen, "state must survive a reboot: what is open in a database is written there");
    if (free < LEAST_FREE_BYTES) return warning(seen, "make room there: without it no run can begin");
    return ok(seen);
  },
};
