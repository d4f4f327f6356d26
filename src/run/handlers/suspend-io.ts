import { UmbraError } from "../../errors/umbra-error.ts";
import { counted } from "../../domain/human.ts";
import { suspendIo as suspend } from "../suspension.ts";
import type { Handler } from "../step-context.ts";

/** Only of a database whose files are in backup mode (rule 72). */
export const suspendIo: Handler<"suspend-io"> = async (step, { world, plan, sessions, results }) => {
  if (!results.open.has(step.begin)) {
    throw new UmbraError("UMB-9061", { seen: "no file is in backup mode", rule: 72 });
  }
  const instances = await sessions.root((db) =>
    suspend(world, { db, run: plan.run, step: step.id }, (suspended) => {
      results.snapshots.suspended = suspended;
    }),
  );
  return { note: `${counted(instances.length, "instance")} suspended`, instances };
};
