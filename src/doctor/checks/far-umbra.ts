import type { HostConfig } from "../../domain/fleet.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, problem, warning } from "../line.ts";

export const farUmbra: DoctorCheck<HostConfig> = {
  what: "umbra",
  look: async ({ diagnostics }, { name, umbra, forcedCommand }, call) => {
    if (umbra === undefined)
      return ok("none: the host's own tools copy, and copies are read where they are mounted too");
    const host = diagnostics.host(name);
    // Starts it and greets: another protocol, or no umbra at all, is an error.
    await host.mounts(call);
    if (forcedCommand === true) return ok("answers as the account's forced command");
    const { status, stdout } = await host.run([...umbra, "--version"], { ...call, maxOutputBytes: 10_000 });
    const theirs = stdout.toString().trim().split("\n")[0] ?? "";
    if (status !== 0) return problem(`${umbra.join(" ")} --version fails there`, "correct hosts.*.umbra");
    const { umbra: ours } = diagnostics.versions;
    if (theirs === ours) return ok(`version ${theirs}, as here`);
    return warning(`version ${theirs}, here ${ours}`, "install the same version on both machines");
  },
};
