import type { Declare } from "../command.ts";
import { planText, warningText } from "../render/plan.ts";

interface Options {
  readonly plan?: boolean;
  readonly undo?: boolean;
}

export const setup: Declare = (program, perform) => {
  program
    .command("setup")
    .description("prepare the live backup area of a database, and say what else it needs")
    .argument("<database>", "name in the configuration")
    .option("--plan", "print what would be made, and change nothing")
    .option("--undo", "take back what was made, where nothing is in it")
    .action(
      perform(async (context, database: string, { plan = false, undo = false }: Options) => {
        const { runs } = context.around;
        const done = await context.withWorld(database, (world) =>
          runs.setup(world, { undo, planOnly: plan }),
        );
        if (!done.ok) return done;
        const { lines, warnings } = done;
        const head = `${undo ? "undo of the setup" : "setup"} of ${database}`;
        const told = lines.map((line) => `${line.title} ${line.target ?? ""}`.trimEnd());
        const text = plan
          ? planText(head, lines, warnings)
          : [...(told.length === 0 ? ["Nothing was to be done."] : told), ...warnings.map(warningText)].join(
              "\n",
            );
        return { ok: true, kind: "setup", data: { database, undo, steps: lines, warnings }, text };
      }),
    );
};
