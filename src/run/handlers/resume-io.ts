import { UmbraError } from "../../errors/umbra-error.ts";
import { resumeIo as resume } from "../suspension.ts";
import type { Handler } from "../step-context.ts";

/** An instance that started meanwhile was not suspended: the snapshots are not what was asked for (rule 72). */
export const resumeIo: Handler<"resume-io"> = async (_step, { world, results }) => {
  const { suspended } = results.snapshots;
  if (suspended === undefined) return { note: "nothing was suspended" };
  const { note, startedMeanwhile } = await resume(world, suspended.obligation, suspended.spare);
  results.snapshots.suspended = undefined;
  await suspended.spare.close();
  if (startedMeanwhile.length > 0) {
    const seen = `instance ${startedMeanwhile.join(", ")} started while the others were suspended, and wrote`;
    throw new UmbraError("UMB-9061", { seen, rule: 72 });
  }
  return { note };
};
