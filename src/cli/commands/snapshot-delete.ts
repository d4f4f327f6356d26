import { formatUtc } from "../../domain/instant.ts";
import { type Declare, group } from "../command.ts";
import { configured } from "../context.ts";
import { knownBackup } from "../known-backup.ts";
import { tombstoneData } from "../render/retention.ts";

interface Options {
  readonly plan?: boolean;
  readonly now?: boolean;
}

export const snapshotDelete: Declare = (program, perform) => {
  group(program, "snapshot", "snapshots of live backup areas")
    .command("delete")
    .description("delete a snapshot: marked now, removed by `umbra retention apply` after the time of grace")
    .argument("<snapshot>", "its name, as `umbra snapshot list` prints it")
    .option("--plan", "print what would be done, and change nothing")
    .option("--now", "without the time of grace")
    .action(
      perform(async (context, id: string, { plan = false, now = false }: Options) => {
        const answer = await context.withState(async (state, fleet) => {
          const entry = await knownBackup(state, id, "snapshot");
          const database = configured(fleet, entry.database);
          return await context.inWorld(database, state, (world) =>
            context.around.runs.keeping.deleteSnapshot(world, entry, { planOnly: plan, now }),
          );
        });
        if (!answer.ok) return answer;
        const { tombstone, removed } = answer;
        const from = formatUtc(tombstone.removeFrom);
        const done = removed
          ? `${id} is deleted.`
          : `${id} goes from ${from} on; \`umbra retention undo\` keeps it.`;
        const text = plan ? `${id} can be deleted. Nothing was changed: this is the plan.` : done;
        return {
          ok: true,
          kind: "snapshot-deleted",
          data: { ...tombstoneData(tombstone), planned: plan, removed },
          text,
        };
      }),
    );
};
