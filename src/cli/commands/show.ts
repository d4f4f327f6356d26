import { didYouMean } from "../../config/suggest.ts";
import type { Fleet } from "../../domain/fleet.ts";
import type { RunId } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { State } from "../../state/state.ts";
import type { Declare } from "../command.ts";
import { backupData, backupText } from "../render/backups.ts";
import { runData, runText } from "../render/run.ts";

export const show: Declare = (program, perform) => {
  program
    .command("show")
    .description("print a backup and the run that made it, with each step")
    .argument("<run-or-backup>", "name of a run; a backup has the name of its run")
    .action(
      perform(async (context, id: string) => {
        const { run, steps, backup } = await context.withState(async (state, fleet) => {
          const found = {
            run: await state.journal.run(id as RunId),
            steps: await state.journal.steps(id as RunId),
            backup: await state.catalog.get(id),
          };
          if (found.run === undefined && found.backup === undefined) throw await unknown(id, state, fleet);
          return found;
        });
        const text = [
          ...(backup === undefined ? [] : [backupText(backup)]),
          ...(run === undefined ? [] : [runText(run, steps)]),
        ].join("\n\n");
        const data = {
          ...(backup === undefined ? {} : { backup: backupData(backup) }),
          ...(run === undefined ? {} : runData(run, steps)),
        };
        return { ok: true, kind: "run", data, text };
      }),
    );
};

async function unknown(id: string, state: State, fleet: Fleet): Promise<UmbraError> {
  const lists = await Promise.all([...fleet.databases.keys()].map((name) => state.catalog.list(name)));
  const suggestion = didYouMean(
    id,
    lists.flat().map((entry) => entry.id),
  );
  return new UmbraError("UMB-2004", { id, what: "run or backup", suggestion });
}
