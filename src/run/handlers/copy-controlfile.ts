import { UmbraError } from "../../errors/umbra-error.ts";
import type { Handler } from "../step-context.ts";

/** One member; every other one must hold the same bytes (rule 10). */
export const copyControlfile: Handler<"copy-controlfile"> = async (step, context) => {
  const { world, plan, results, signal } = context;
  const [first, ...others] = step.members;
  if (first === undefined) throw new UmbraError("UMB-1001", { what: "the database has no control file" });
  const stallMs = world.database.deadlines.copyStallMs;
  const how = { mode: "plain", blockSize: 512, signal, stallMs } as const;
  const { bytes, sha256 } = await world.databaseHost.copy({ source: first, target: step.target, ...how });
  for (const path of others) {
    const { sha256Matches } = await world.databaseHost.verify({ path, sha256, ...how });
    if (sha256Matches !== true) throw new UmbraError("UMB-9023", { path: first, other: path, rule: 10 });
  }
  results.cold.controlfileMembers = step.members.length;
  results.files.set("controlfile", { name: step.target.slice(plan.directory.length + 1), bytes, sha256 });
  return { bytes, sha256, members: step.members.length };
};
