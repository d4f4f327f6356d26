import { counted } from "../../domain/human.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { type Declare, group } from "../command.ts";
import { pruneData, prunedText, pruneText } from "../render/log-prune.ts";
import { markData, prunedData } from "../render/pruned-logs.ts";
import { LOGS } from "./logs-setup.ts";

interface Options {
  readonly plan?: true;
  readonly apply?: string;
  readonly byPolicy?: true;
  readonly undo?: true;
}

export const logsPrune: Declare = (program, perform) => {
  group(program, "logs", LOGS)
    .command("prune")
    .description(
      "delete archived logs of the live area that the retention policy gives up and nothing else needs",
    )
    .argument("<database>", "name in the configuration")
    .option("--plan", "print why each log stays or goes, and change nothing")
    .option(
      "--apply <id>",
      "mark what this plan gives up, and remove what was marked before the time of grace; refused where it is not the present plan any more",
    )
    .option("--by-policy", "the same with the present plan, without a look at it: for timers")
    .option("--undo", "keep what is marked, as long as its removal has not begun")
    .action(
      perform(async (context, database: string, options: Options) => {
        const { logs } = context.around.runs;
        requireOne(options);
        if (options.plan === true) {
          const planned = await context.withWorld(database, (world) => logs.planPrune(world));
          if (!planned.ok) return planned;
          const { report } = planned;
          return { ok: true, kind: "logs-prune-plan", data: pruneData(report), text: pruneText(report) };
        }
        if (options.undo === true) {
          const kept = await context.withWorld(database, (world) => logs.undoPrune(world));
          const text = `${database}: ${counted(kept.length, "log")} that had to go ${kept.length === 1 ? "stays" : "stay"}. The next pruning decides anew.`;
          return { ok: true, kind: "logs-prune-undone", data: { database, kept: kept.map(markData) }, text };
        }
        const consent = options.apply === undefined ? { byPolicy: true } : { plan: options.apply };
        const done = await context.withWorld(database, (world) => logs.prune(world, consent));
        if (!done.ok) return done;
        const { report, applied, run } = done;
        return {
          ok: true,
          kind: "logs-prune",
          data: { plan: report.id, database, run, ...prunedData(applied) },
          text: prunedText(report, applied),
          exit: applied.problems.length === 0 ? exitClass.done : exitClass.retention,
        };
      }),
    );
};

/** To delete is said in words. */
function requireOne({ plan, apply, byPolicy, undo }: Options): void {
  if ([plan, apply, byPolicy, undo].filter((one) => one !== undefined).length === 1) return;
  const message = "say one of --plan, --apply, --by-policy and --undo";
  throw new UmbraError("UMB-2001", { message, command: "logs prune" });
}
