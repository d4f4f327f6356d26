import { UmbraError } from "../../errors/umbra-error.ts";
import { didYouMean } from "../../config/suggest.ts";
import { type Declare, group } from "../command.ts";
import { configured } from "../context.ts";
import { holdData } from "../render/holds.ts";

export const holdRelease: Declare = (program, perform) => {
  group(program, "hold", "reasons that keep backups and snapshots")
    .command("release")
    .description("end a hold: from then on the policy decides again")
    .argument("<hold>", "its name, as `umbra hold list` prints it")
    .action(
      perform(async (context, id: string) => {
        const hold = await context.withState(async (state, fleet) => {
          const known = state.holds.get(id);
          if (known === undefined) {
            const suggestion = didYouMean(
              id,
              state.holds.list().map((one) => one.id),
            );
            throw new UmbraError("UMB-2004", { id, what: "hold", suggestion });
          }
          await context.inWorld(configured(fleet, known.database), state, (world) =>
            context.around.runs.keeping.releaseHold(world, id),
          );
          return known;
        });
        const text = `${id} is released: ${hold.object} is kept by it no more.`;
        return { ok: true, kind: "hold", data: { hold: holdData(hold), released: true }, text };
      }),
    );
};
