import { type Declare, group } from "../command.ts";
import { pruneHint, pruneSummary } from "../render/log-prune.ts";
import { retentionData, retentionText } from "../render/retention.ts";

export const retentionPlan: Declare = (program, perform) => {
  group(program, "retention", "which backups and snapshots stay")
    .command("plan")
    .description(
      "print why each backup and snapshot stays or goes, and what can be restored before and after",
    )
    .argument("<database>", "name in the configuration")
    .action(
      perform(async (context, database: string) => {
        const planned = await context.withWorld(database, (world) =>
          context.around.runs.keeping.planRetention(world),
        );
        if (!planned.ok) return planned;
        const { report, logs } = planned;
        const text = retentionText(report);
        if (logs === undefined)
          return { ok: true, kind: "retention-plan", data: retentionData(report), text };
        const data = { ...retentionData(report), logs: pruneSummary(logs) };
        return { ok: true, kind: "retention-plan", data, text: [text, pruneHint(logs)].join("\n") };
      }),
    );
};
