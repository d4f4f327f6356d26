import { InvalidArgumentError } from "commander";

import { parseDuration } from "../../config/duration.ts";
import type { ColdBackupMode } from "../../domain/fleet.ts";
import type { ColdBackupOptions, OnOverrun } from "../../domain/plan.ts";
import { type Declare, group } from "../command.ts";
import { parallelCopies } from "../parallel-option.ts";
import { madeResult, plannedResult } from "../made-backup.ts";

interface Options {
  readonly plan?: boolean;
  readonly mode?: ColdBackupMode;
  readonly maxDowntime?: number;
  readonly onOverrun?: OnOverrun;
  readonly parallel?: number;
}

const MODES: readonly ColdBackupMode[] = ["auto", "plain", "pre-copy", "snapshot"];

export const backupCold: Declare = (program, perform) => {
  group(program, "backup", "make a backup")
    .command("cold")
    .description("shut a database down, back it up consistently, and bring it back to the state that it had")
    .argument("<database>", "name in the configuration")
    .option("--plan", "print each step and each copy, and change nothing")
    .option(
      "--mode <mode>",
      "plain: the downtime depends on the size; pre-copy: on what changes meanwhile; snapshot: on neither; auto: snapshot where the storage can, else pre-copy (default: of the configuration)",
      mode,
    )
    .option(
      "--max-downtime <duration>",
      "longest time between SHUTDOWN and open again, as 30m (default: of the configuration)",
      duration,
    )
    .option(
      "--on-overrun <what>",
      "when that time is over: stop-copy gives the backup up and opens the database, continue finishes the copies first (default: of the configuration)",
      onOverrun,
    )
    .option("--parallel <number>", "datafiles copied at the same time", parallelCopies)
    .action(
      perform(async (context, database: string, { plan = false, maxDowntime, ...rest }: Options) => {
        const { runs } = context.around;
        const limit = maxDowntime === undefined ? {} : { maxDowntimeMs: maxDowntime };
        const options: ColdBackupOptions = { ...rest, ...limit };
        if (plan) {
          const planned = await context.withWorld(database, (world) => runs.planCold(world, options));
          return plannedResult(`cold backup of ${database}`, database, planned);
        }
        return madeResult(await context.withWorld(database, (world) => runs.backupCold(world, options)));
      }),
    );
};

function mode(text: string): ColdBackupMode {
  const found = MODES.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It must be one of ${MODES.join(", ")}.`);
}

function onOverrun(text: string): OnOverrun {
  if (text === "stop-copy" || text === "continue") return text;
  throw new InvalidArgumentError("It must be stop-copy or continue.");
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError("It must be a duration such as 90s, 30m or 2h.");
  return ms;
}
