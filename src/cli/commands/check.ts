import { checkDatabase } from "../../discover/check.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import type { Declare } from "../command.ts";
import { checkText } from "../render/check.ts";

export const check: Declare = (program, perform) => {
  program
    .command("check")
    .description(
      "look whether a database is ready for a backup: login, privileges, archive mode, space, clock, one log",
    )
    .argument("<database>", "name in the configuration")
    .action(
      perform(async (context, database: string) => {
        const { items } = await context.withWorld(database, checkDatabase);
        const ready = items.every((item) => item.ok || item.severity !== "error");
        const data = { database, ready, items };
        const exit = ready ? exitClass.done : exitClass.refused;
        return { ok: true, kind: "check", data, text: checkText(database, items), exit };
      }),
    );
};
