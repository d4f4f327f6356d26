import { InvalidArgumentError } from "commander";

import type { BaselineOptions } from "../../domain/plan.ts";
import type { Declare } from "../command.ts";
import { madeResult, plannedResult } from "../made-backup.ts";
import { parallelCopies } from "../parallel-option.ts";

interface Options {
  readonly plan?: boolean;
  readonly datafile?: readonly number[];
  readonly parallel?: number;
}

export const baseline: Declare = (program, perform) => {
  program
    .command("baseline")
    .description("make the full image copies of the live backup area that `backup refresh` brings forward")
    .argument("<database>", "name in the configuration")
    .option("--plan", "print each statement and each copy, and change nothing")
    .option(
      "--datafile <number>",
      "a new copy of this file, which may have one; several: repeat it. Without it: all files that lack a copy",
      fileNumber,
    )
    .option("--parallel <number>", "datafiles copied at the same time", parallelCopies)
    .action(
      perform(async (context, database: string, { plan = false, datafile, parallel }: Options) => {
        const options: BaselineOptions = {
          ...(datafile === undefined ? {} : { datafiles: datafile }),
          ...(parallel === undefined ? {} : { parallel }),
        };
        const { runs } = context.around;
        if (plan) {
          const planned = await context.withWorld(database, (world) => runs.planBaseline(world, options));
          return plannedResult(`baseline of ${database}`, database, planned);
        }
        return madeResult(await context.withWorld(database, (world) => runs.baseline(world, options)));
      }),
    );
};

function fileNumber(text: string, before: readonly number[] | undefined): readonly number[] {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("It must be the number of a datafile.");
  return [...(before ?? []), Number(text)];
}
