import { describe, expect, test } from "vitest";

import type { Plan } from "../../src/domain/plan.ts";
import type { Step } from "../../src/domain/step.ts";
import { execute } from "../../src/run/execute.ts";
import { planHot } from "../../src/run/backup-hot.ts";
import type { World } from "../../src/run/world.ts";
import { restoredAgainstCommitted, type LawOptions } from "./hot-backup-law.ts";

/** More than any fault needs: the first seed that catches it ends the search. */
const SEEDS = 20;

/** Why the restore of a wrongly planned backup failed, on the first seed where it did. */
async function caught(change: (plan: Plan) => Plan, around: (world: World) => World = (world) => world) {
  const take: LawOptions["take"] = async (world, options) => {
    const planned = await planHot(world, options);
    if (!planned.ok) throw new Error("the plan was refused");
    const { directory } = await execute(change(planned.plan), around(world));
    return directory;
  };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    try {
      const comparison = await restoredAgainstCommitted(seed, { mode: "per-tablespace", take });
      if (comparison.rowsDifferent > 0) return JSON.stringify(comparison.differences[0]);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return "nothing";
}

const withSteps = (plan: Plan, steps: readonly Step[]): Plan => ({ ...plan, steps });

describe("a planner that is wrong is caught by the law", () => {
  test("the law holds for the plan as it is", async () => {
    expect(await caught((plan) => plan)).toBe("nothing");
  });

  test("no BEGIN BACKUP", async () => {
    const without = (plan: Plan) =>
      withSteps(
        plan,
        plan.steps.filter((step) => step.kind !== "begin-backup" && step.kind !== "end-backup"),
      );
    expect(await caught(without)).toMatch(/was written while it was copied/);
  });

  test("the control file first", async () => {
    const first = (plan: Plan) => {
      const isControl = (step: Step) =>
        step.kind === "backup-controlfile" || step.kind === "trace-controlfile";
      const directories = plan.steps.filter((step) => step.kind === "make-directory");
      const control = plan.steps.filter(isControl);
      const rest = plan.steps.filter((step) => !isControl(step) && step.kind !== "make-directory");
      return withSteps(plan, [...directories, ...control, ...rest]);
    };
    expect(await caught(first)).toMatch(/ORA-01244/);
  });

  test("the last log not archived", async () => {
    const without = (plan: Plan) =>
      withSteps(
        plan,
        plan.steps.filter((step) => step.kind !== "switch-logs" && step.kind !== "wait-for-logs"),
      );
    expect(await caught(without)).toMatch(/ORA-00308/);
  });

  test("END BACKUP before the copies", async () => {
    const early = (plan: Plan) => {
      const copies = plan.steps.filter(
        (step) => step.kind === "copy-datafile" || step.kind === "in-parallel",
      );
      const others = plan.steps.filter(
        (step) => step.kind !== "copy-datafile" && step.kind !== "in-parallel",
      );
      const at = others.findIndex((step) => step.kind === "switch-logs");
      return withSteps(plan, [...others.slice(0, at), ...copies, ...others.slice(at)]);
    };
    expect(await caught(early)).toMatch(/does not say that it is in backup mode/);
  });
});
