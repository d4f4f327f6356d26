import type { AreaPlan, Plan } from "../domain/plan.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { StepContext } from "./step-context.ts";

/** The plan of a step that only runs on the live area have. */
export function areaPlan({ plan }: Pick<StepContext, "plan">): AreaPlan {
  if (isAreaPlan(plan)) return plan;
  throw new UmbraError("UMB-1001", { what: `a ${plan.kind} has a step of the live area` });
}

export function isAreaPlan(plan: Plan): plan is AreaPlan {
  return isAreaRun(plan.kind);
}

/** Runs that change the live area have no directory of their own. */
export function isAreaRun(kind: string): boolean {
  return kind === "baseline" || kind === "refresh";
}
