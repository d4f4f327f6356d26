import type { DatabaseConfig } from "../../domain/fleet.ts";
import type { InstanceStatus } from "../../ports/instance.ts";
import { whyNotTheConnected } from "../../run/way-to-instance.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, problem } from "../line.ts";

export const instance: DoctorCheck<DatabaseConfig> = {
  what: "instance",
  look: async ({ diagnostics }, database, call) => {
    const reach = diagnostics.reach(database);
    if (reach.instance === undefined) return ok("no way to stop and start it is configured: no cold backups");
    const status = await reach.instance.status(call);
    const other = await whyNotTheConnected({ ...reach, database }, status, call);
    if (other !== undefined)
      return problem(
        `a cold backup would be refused: ${other}`,
        "correct oracle-home, sid or unique-name in instance: of the configuration, its host, or the connect string",
      );
    return ok(`${words(status)}, by ${database.instance?.by ?? ""}`);
  },
};

function words({ state, restricted, readOnly, instances }: InstanceStatus): string {
  const all = [state, restricted ? "restricted" : "", readOnly ? "read only" : ""];
  const names = instances.map(({ name, node }) => (node === undefined ? name : `${name} on ${node}`));
  const which = names.length === 0 ? "" : ` (${names.join(", ")})`;
  return `${all.filter((word) => word).join(", ")}${which}`;
}
