import type { DatabaseConfig } from "../../domain/fleet.ts";
import { formatDuration } from "../../domain/human.ts";
import type { DoctorCheck } from "../check.ts";
import { ok } from "../line.ts";

export const connection: DoctorCheck<DatabaseConfig> = {
  what: "connection",
  look: async ({ diagnostics }, database, call) => {
    const { clock } = diagnostics;
    const { connect } = database;
    const startedAt = clock.monotonicMs();
    await using session = await diagnostics.reach(database).connector.connect(call);
    const took = formatDuration(clock.monotonicMs() - startedAt);
    return ok(`${connect.user} as ${connect.privilege} in ${session.container}, after ${took}`);
  },
};
