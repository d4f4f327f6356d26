import { discover } from "../../discover/discover.ts";
import type { Declare } from "../command.ts";
import { inventoryData, inventoryText } from "../render/inventory.ts";

export const inventory: Declare = (program, perform) => {
  program
    .command("inventory")
    .description("print what is in a database: containers, tablespaces, files, threads, destinations")
    .argument("<database>", "name in the configuration")
    .action(
      perform(async (context, database: string) => {
        const facts = await context.withWorld(database, discover);
        return { ok: true, kind: "inventory", data: inventoryData(facts), text: inventoryText(facts) };
      }),
    );
};
