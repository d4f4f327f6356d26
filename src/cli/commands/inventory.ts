import { discover } from "../../discover/discover.ts";
import { readStorageMap } from "../../discover/storage-map.ts";
import { noteFacts } from "../../run/heartbeat.ts";
import type { Declare } from "../command.ts";
import { inventoryData, inventoryText } from "../render/inventory.ts";

export const inventory: Declare = (program, perform) => {
  program
    .command("inventory")
    .description(
      "print what is in a database: containers, tablespaces, files, threads, destinations, and the storage below them",
    )
    .argument("<database>", "name in the configuration")
    .action(
      perform(async (context, database: string) => {
        return await context.withWorld(database, async (world) => {
          const facts = await discover(world);
          await noteFacts(world, facts);
          const storage = await readStorageMap(world, facts);
          const data = inventoryData(facts, storage);
          return { ok: true, kind: "inventory", data, text: inventoryText(facts, storage) };
        });
      }),
    );
};
