import { InvalidArgumentError } from "commander";

import type { RefreshFind } from "../../domain/fleet.ts";
import type { RefreshOptions } from "../../domain/plan.ts";
import { type Declare, group } from "../command.ts";
import { madeResult, plannedResult } from "../made-backup.ts";
import { parallelCopies } from "../parallel-option.ts";

interface Options extends RefreshOptions {
  readonly plan?: boolean;
}

export const backupRefresh: Declare = (program, perform) => {
  group(program, "backup", "make a backup")
    .command("refresh")
    .description(
      "bring the image copies of the live backup area forward: only blocks that changed are written",
    )
    .argument("<database>", "name in the configuration")
    .option("--plan", "print each statement and each copy, and change nothing")
    .option("--parallel <number>", "datafiles brought forward at the same time", parallelCopies)
    .option("--find <how>", "compare, hashes or list: how changed blocks are found", find)
    .action(
      perform(async (context, database: string, { plan = false, ...options }: Options) => {
        const { runs } = context.around;
        if (plan) {
          const planned = await context.withWorld(database, (world) => runs.planRefresh(world, options));
          return plannedResult(`refresh of ${database}`, database, planned);
        }
        return madeResult(await context.withWorld(database, (world) => runs.backupRefresh(world, options)));
      }),
    );
};

function find(text: string): RefreshFind {
  if (text === "compare" || text === "hashes" || text === "list") return text;
  throw new InvalidArgumentError("It must be compare, hashes or list.");
}
