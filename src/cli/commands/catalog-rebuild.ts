import { counted, printable } from "../../domain/human.ts";
import type { DatabaseName } from "../../domain/names.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import { type Declare, group } from "../command.ts";
import { configured } from "../context.ts";
import { backupData } from "../render/backups.ts";
import type { RebuildReport } from "../runs.ts";

export const catalogRebuild: Declare = (program, perform) => {
  group(program, "catalog", "umbra's own list of backups")
    .command("rebuild")
    .description("make the catalog again from the manifests in the backup areas")
    .argument("[database]", "name in the configuration; without it: all databases")
    .action(
      perform(async (context, database: string | undefined) => {
        const reports = await context.withState(async (state, fleet) => {
          const chosen =
            database === undefined ? [...fleet.databases.values()] : [configured(fleet, database)];
          const done: { readonly name: DatabaseName; readonly report: RebuildReport }[] = [];
          for (const one of chosen) {
            const report = await context.inWorld(one, state, (world) =>
              context.around.runs.rebuildCatalog(world),
            );
            done.push({ name: one.name, report });
          }
          return done;
        });
        const databases = reports.map(({ name, report }) => ({
          database: name,
          backups: report.found.map(backupData),
          unusable: report.unusable,
        }));
        const whole = reports.every(({ report }) => report.unusable.length === 0);
        const exit = whole ? exitClass.done : exitClass.verification;
        return {
          ok: true,
          kind: "catalog",
          data: { databases },
          text: reports.map(reportText).join("\n"),
          exit,
        };
      }),
    );
};

function reportText({
  name,
  report,
}: {
  readonly name: DatabaseName;
  readonly report: RebuildReport;
}): string {
  const unusable = report.unusable.map((one) => `  ${printable(one.path)}: ${printable(one.problem)}`);
  return [`${name}: ${counted(report.found.length, "backup")} in the catalog`, ...unusable].join("\n");
}
