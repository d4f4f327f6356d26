import type { Fleet } from "../../domain/fleet.ts";
import type { DoctorCheck } from "../check.ts";
import { ok } from "../line.ts";

/** ssh2 falls back without a word where its native part was built for another Node: both are right, and told apart here. */
export const sshCrypto: DoctorCheck<Fleet> = {
  what: "ssh crypto",
  look: async ({ fleet, diagnostics }) => {
    if (fleet.hosts.size === 0) return undefined;
    if (diagnostics.sshCrypto() === "native") return ok("native part of ssh2");
    return ok("Node's own; slower than the native part of ssh2, but no datafile crosses ssh");
  },
};
