import type { DatabaseConfig } from "../../domain/fleet.ts";
import type { DoctorCheck } from "../check.ts";
import { ok } from "../line.ts";

export const instance: DoctorCheck<DatabaseConfig> = {
  what: "instance",
  look: async ({ diagnostics }, database, call) => {
    const control = diagnostics.reach(database).instance;
    if (control === undefined) return ok("no way to stop and start it is configured: no cold backups");
    const { state, restricted, readOnly, instances } = await control.status(call);
    const words = [state, restricted ? "restricted" : "", readOnly ? "read only" : ""];
    const names = instances.map(({ name, node }) => (node === undefined ? name : `${name} on ${node}`));
    const which = names.length === 0 ? "" : ` (${names.join(", ")})`;
    return ok(`${words.filter((word) => word).join(", ")}${which}, by ${database.instance?.by ?? ""}`);
  },
};
