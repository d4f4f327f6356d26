import type { ColdBackupPlan } from "../domain/plan.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { InstanceControl } from "../ports/instance.ts";
import type { StepContext } from "./step-context.ts";

/** The plan of a step that only cold backups have. */
export function coldPlan({ plan }: Pick<StepContext, "plan">): ColdBackupPlan {
  if (plan.kind === "cold-backup") return plan;
  throw new UmbraError("UMB-1001", { what: `a ${plan.kind} has a step of a cold backup` });
}

/** The planner refuses a cold backup without it. */
export function instanceControl({ world }: Pick<StepContext, "world">): InstanceControl {
  if (world.instance !== undefined) return world.instance;
  throw new UmbraError("UMB-1001", { what: "a cold backup has no way to the instance" });
}
