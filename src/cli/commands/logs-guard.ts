import { exitClass } from "../../errors/exit-classes.ts";
import type { GuardAction, GuardFinding } from "../../plan/archive-guard.ts";
import { type Declare, group } from "../command.ts";
import { warningText } from "../render/plan.ts";
import { LOGS } from "./logs-setup.ts";

export const logsGuard: Declare = (program, perform) => {
  group(program, "logs", LOGS)
    .command("guard")
    .description(
      "look whether umbra's archive destination hangs, fails or fills; by policy defer it, and later bring it back",
    )
    .argument("<database>", "name in the configuration")
    .option("--plan", "say what would be done, and change nothing")
    .action(
      perform(async (context, database: string, { plan = false }: { plan?: boolean }) => {
        const { logs } = context.around.runs;
        const done = await context.withWorld(database, (world) => logs.guard(world, { planOnly: plan }));
        if (!done.ok) return done;
        const { findings, action, run } = done;
        const head = `${database}: ${actionText(action, plan)}`;
        return {
          ok: true,
          kind: "logs-guard",
          data: { database, run, action, findings },
          text: [head, ...findings.map(findingText)].join("\n"),
          exit: exitOf(findings),
        };
      }),
    );
};

/** A database that is about to stop counts for more than logs that do not come. */
function exitOf(findings: readonly GuardFinding[]): number {
  if (findings.some((one) => one.level === "danger")) return exitClass.production;
  return findings.length > 0 ? exitClass.storage : exitClass.done;
}

function actionText(action: GuardAction, planOnly: boolean): string {
  const would = planOnly ? "would be" : "was";
  switch (action.kind) {
    case "none":
      return "nothing to do";
    case "defer":
      return `log_archive_dest_${action.number} ${would} deferred: ${action.why}`;
    case "restore":
      return action.enabled
        ? `what is missing ${would} brought to log_archive_dest_${action.number}, which is enabled again`
        : `what is missing ${would} brought, and log_archive_dest_${action.number} enabled again`;
  }
}

function findingText(finding: GuardFinding): string {
  return finding.level === "danger" ? `DANGER ${warningText(finding)}` : warningText(finding);
}
