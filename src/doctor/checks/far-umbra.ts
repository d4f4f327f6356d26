import type { HostConfig } from "../../domain/fleet.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, problem, warning } from "../line.ts";

export const farUmbra: DoctorCheck<HostConfig> = {
  what: "umbra",
  look: async ({ diagnostics }, { name, umbra }, call) => {
    if (umbra === undefined)
      return ok(
        "not configured there: the host's own tools copy, and copies are read again where they are mounted",
      );
    const asked = { ...call, maxOutputBytes: 10_000 };
    const { status, stdout, stderr } = await diagnostics.host(name).run([...umbra, "--version"], asked);
    const said = (status === 0 ? stdout : stderr).toString().trim().split("\n")[0] ?? "";
    if (status !== 0)
      return problem(
        `${umbra.join(" ")} --version ended with status ${status ?? "of a signal"}: ${said}`,
        "install umbra there, or correct hosts.*.umbra",
      );
    const { umbra: ours } = diagnostics.versions;
    if (said === ours) return ok(`version ${said}, as here`);
    return warning(`version ${said}, here ${ours}`, "install the same version on both machines");
  },
};
