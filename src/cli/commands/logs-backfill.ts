import { counted } from "../../domain/human.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import { keyText } from "../../plan/expected-logs.ts";
import { type Declare, group } from "../command.ts";
import { logData } from "../render/logs.ts";
import { planText } from "../render/plan.ts";
import { LOGS } from "./logs-setup.ts";

interface Options {
  readonly plan?: boolean;
  readonly deep?: boolean;
}

export const logsBackfill: Declare = (program, perform) => {
  group(program, "logs", LOGS)
    .command("backfill")
    .description(
      "copy archived logs that the live area lacks from other destinations of the database or its standbys, each proved",
    )
    .argument("<database>", "name in the configuration")
    .option("--plan", "print what would be copied, and change nothing")
    .option("--deep", "read every block of the logs that are there, to find damaged ones")
    .action(
      perform(async (context, database: string, { plan = false, deep = false }: Options) => {
        const { logs } = context.around.runs;
        if (plan) {
          const planned = await context.withWorld(database, (world) => logs.planBackfill(world, { deep }));
          if (!planned.ok) return planned;
          const { lines, warnings } = planned;
          const text = planText(`logs for the live area of ${database}`, lines, warnings);
          return { ok: true, kind: "plan", data: { database, steps: lines, warnings }, text };
        }
        const done = await context.withWorld(database, (world) => logs.backfill(world, { deep }));
        if (!done.ok) return done;
        const { copied, failed, plan: made, run, standbys, unreachable } = done;
        const problems = [
          ...failed.map(({ log, problem }) => `not copied: ${keyText(log)}: ${problem}`),
          ...made.left.map((log) => `left: ${keyText(log)} is ${log.class}: ${log.why}`),
          ...(unreachable === undefined ? [] : [`The database was not asked: ${unreachable}`]),
        ];
        // One that gave nothing counts only where something is left: then that is told above.
        const unused = standbys.map(({ standby, problem }) => `The standby ${standby}: ${problem}`);
        return {
          ok: true,
          kind: "logs-backfill",
          data: {
            database,
            run,
            copied: copied.map(logData),
            failed: failed.map(({ log, problem }) => ({ ...logData(log), problem })),
            left: made.left.map(logData),
            standbys,
            unreachable,
          },
          text: [`${database}: ${counted(copied.length, "log")} copied`, ...problems, ...unused].join("\n"),
          exit: problems.length === 0 ? exitClass.done : exitClass.verification,
        };
      }),
    );
};
