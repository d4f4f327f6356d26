import { InvalidArgumentError } from "commander";

import type { HotBackupOptions } from "../../domain/plan.ts";
import { type Declare, group } from "../command.ts";
import { parallelCopies } from "../parallel-option.ts";
import { backupData, backupText } from "../render/backups.ts";
import { planText, warningText } from "../render/plan.ts";

interface Options extends HotBackupOptions {
  readonly plan?: boolean;
}

export const backupHot: Declare = (program, perform) => {
  group(program, "backup", "make a backup")
    .command("hot")
    .description(
      "back up an open database: BEGIN BACKUP, image copies, END BACKUP, archived logs, control file",
    )
    .argument("<database>", "name in the configuration")
    .option("--plan", "print each statement and each copy, and change nothing")
    .option("--tablespaces <names>", "only these: NAME, or PDB:NAME, separated by commas", names)
    .option("--parallel <number>", "datafiles copied at the same time", parallelCopies)
    .option(
      "--mode <mode>",
      "per-tablespace or database: how many tablespaces are in backup mode at once",
      mode,
    )
    .action(
      perform(async (context, database: string, { plan = false, ...options }: Options) => {
        const { runs } = context.around;
        if (plan) {
          const planned = await context.withWorld(database, (world) => runs.planHot(world, options));
          if (!planned.ok) return planned;
          const { lines, warnings } = planned;
          const text = planText(`hot backup of ${database}`, lines, warnings);
          return { ok: true, kind: "plan", data: { database, steps: lines, warnings }, text };
        }
        const made = await context.withWorld(database, (world) => runs.backupHot(world, options));
        if (!made.ok) return made;
        const text = [backupText(made.backup), ...made.warnings.map(warningText)].join("\n");
        return {
          ok: true,
          kind: "backup",
          data: { backup: backupData(made.backup), warnings: made.warnings },
          text,
        };
      }),
    );
};

function names(text: string): readonly string[] {
  const list = text.split(",").map((name) => name.trim());
  if (list.includes("")) throw new InvalidArgumentError("A name is empty.");
  return list;
}

function mode(text: string): "per-tablespace" | "database" {
  if (text === "per-tablespace" || text === "database") return text;
  throw new InvalidArgumentError("It must be per-tablespace or database.");
}
