import type { Fleet } from "../../domain/fleet.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, warning } from "../line.ts";

export const driver: DoctorCheck<Fleet> = {
  what: "driver",
  look: async ({ diagnostics }) => {
    const { version, client } = await diagnostics.driver();
    if (client === undefined) return ok(`oracledb ${version}, thin mode`);
    return warning(
      `oracledb ${version}, thick mode with Oracle Client ${client}`,
      "thick mode was never tried with a real client: leave oracle-client out unless you need it",
    );
  },
};
