import { type Declare, group } from "../command.ts";
import { configured } from "../context.ts";
import { holdData, holdsText } from "../render/holds.ts";

export const holdList: Declare = (program, perform) => {
  group(program, "hold", "reasons that keep backups and snapshots")
    .command("list")
    .description("print the holds that were not released, with those that have expired")
    .argument("[database]", "name in the configuration; without it: all databases")
    .action(
      perform(async (context, database: string | undefined) => {
        const holds = await context.withState(async (state, fleet) =>
          state.holds.list(database === undefined ? undefined : configured(fleet, database).name),
        );
        return { ok: true, kind: "holds", data: { holds: holds.map(holdData) }, text: holdsText(holds) };
      }),
    );
};
