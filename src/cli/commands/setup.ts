import type { Declare } from "../command.ts";
import { planText, warningText } from "../render/plan.ts";
import type { PlannedRun } from "../runs.ts";

interface Options {
  readonly plan?: boolean;
  readonly undo?: boolean;
}

export const setup: Declare = (program, perform) => {
  program
    .command("setup")
    .description(
      "prepare the live backup area of a database, have its archived logs sent there, and say what else it needs",
    )
    .argument("<database>", "name in the configuration")
    .option("--plan", "print what would be made, and change nothing")
    .option("--undo", "take back what was made and set, where no copies are in the area")
    .action(
      perform(async (context, database: string, { plan = false, undo = false }: Options) => {
        const { runs } = context.around;
        const done = await context.withWorld(database, (world) =>
          runs.setup(world, { undo, planOnly: plan }),
        );
        if (!done.ok) return done;
        const { lines, warnings } = done;
        const head = `${undo ? "undo of the setup" : "setup"} of ${database}`;
        const text = plan && lines.length > 0 ? planText(head, lines, warnings) : doneText(head, done);
        return { ok: true, kind: "setup", data: { database, undo, steps: lines, warnings }, text };
      }),
    );
};

/** Also of a plan that has nothing to do. */
function doneText(head: string, { lines, warnings }: Extract<PlannedRun, { ok: true }>): string {
  const told = lines.map((line) => `${line.title} ${line.target ?? ""}`.trimEnd());
  return [...(told.length === 0 ? [`${head}: nothing to do`] : told), ...warnings.map(warningText)].join(
    "\n",
  );
}
