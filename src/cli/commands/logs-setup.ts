import { type Declare, group } from "../command.ts";
import { planText, warningText } from "../render/plan.ts";

interface Options {
  readonly plan?: boolean;
  readonly undo?: boolean;
}

export const LOGS = "archived logs in the live backup area";

export const logsSetup: Declare = (program, perform) => {
  group(program, "logs", LOGS)
    .command("setup")
    .description(
      "give a database an additional archive destination in its live backup area, and prove that a log arrives",
    )
    .argument("<database>", "name in the configuration")
    .option("--plan", "print what would be set, and change nothing")
    .option("--undo", "take away what umbra set, with the old values")
    .action(
      perform(async (context, database: string, { plan = false, undo = false }: Options) => {
        const { logs } = context.around.runs;
        const head = undo ? `undo of the log destination of ${database}` : `log destination of ${database}`;
        if (plan) {
          const planned = await context.withWorld(database, (world) => logs.planSetup(world, { undo }));
          if (!planned.ok) return planned;
          const { lines, warnings } = planned;
          const text = lines.length === 0 ? `${head}: nothing to do` : planText(head, lines, warnings);
          return { ok: true, kind: "plan", data: { database, steps: lines, warnings }, text };
        }
        const done = await context.withWorld(database, (world) => logs.setUp(world, { undo }));
        if (!done.ok) return done;
        const { plan: made, warnings, run } = done;
        const outcome =
          run === undefined ? "nothing to do" : undo ? "undone" : `logs arrive in ${made.directory}`;
        return {
          ok: true,
          kind: "logs-setup",
          data: { database, run, directory: made.directory, changes: made.changes, warnings },
          text: [`${head}: ${outcome}`, ...warnings.map(warningText)].join("\n"),
        };
      }),
    );
};
