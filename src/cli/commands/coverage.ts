import { coverageData, coverageText } from "../render/coverage.ts";
import type { Declare } from "../command.ts";

export const coverage: Declare = (program, perform) => {
  program
    .command("coverage")
    .description("print exactly which points in time can be restored now, and each hole with its reason")
    .argument("<database>", "name in the configuration")
    .action(
      perform(async (context, database: string) => {
        const report = await context.withWorld(database, (world) =>
          context.around.runs.coverageReport(world),
        );
        return { ok: true, kind: "coverage", data: coverageData(report), text: coverageText(report) };
      }),
    );
};
