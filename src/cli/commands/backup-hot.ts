import { InvalidArgumentError } from "commander";

import type { HotBackupOptions } from "../../domain/plan.ts";
import { type Declare, group } from "../command.ts";
import { parallelCopies } from "../parallel-option.ts";
import { madeResult, plannedResult } from "../made-backup.ts";

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
          return plannedResult(`hot backup of ${database}`, database, planned);
        }
        return madeResult(await context.withWorld(database, (world) => runs.backupHot(world, options)));
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
