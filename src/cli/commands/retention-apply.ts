import { exitClass } from "../../errors/exit-classes.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { type Declare, group } from "../command.ts";
import { appliedData, appliedText } from "../render/retention.ts";

interface Options {
  readonly plan?: string;
  readonly byPolicy?: boolean;
}

export const retentionApply: Declare = (program, perform) => {
  group(program, "retention", "which backups and snapshots stay")
    .command("apply")
    .description("mark what goes, and remove what was marked before the time of grace")
    .argument("<database>", "name in the configuration")
    .option("--plan <id>", "mark what this plan gives up; refused where it is not the present one any more")
    .option("--by-policy", "mark what the policy gives up now, without a look at the plan: for timers")
    .action(
      perform(async (context, database: string, { plan, byPolicy = false }: Options) => {
        if (plan !== undefined && byPolicy) {
          const message = "leave out --plan or --by-policy";
          throw new UmbraError("UMB-2001", { message, command: "retention" });
        }
        const consent = plan === undefined ? { byPolicy } : { plan };
        const done = await context.withWorld(database, (world) =>
          context.around.runs.keeping.applyRetention(world, consent),
        );
        if (!done.ok) return done;
        const exit = done.applied.problems.length === 0 ? exitClass.done : exitClass.retention;
        const data = appliedData(done.report, done.applied);
        return { ok: true, kind: "retention", data, text: appliedText(done.report, done.applied), exit };
      }),
    );
};
