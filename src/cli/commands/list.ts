import type { CatalogEntry } from "../../domain/journal.ts";
import type { Declare } from "../command.ts";
import { configured } from "../context.ts";
import { backupData, backupsText } from "../render/backups.ts";

export const list: Declare = (program, perform) => {
  program
    .command("list")
    .description("print the backups in the catalog, the oldest first")
    .argument("[database]", "name in the configuration; without it: all databases")
    .action(
      perform(async (context, database: string | undefined) => {
        const entries = await context.withState(async (state, fleet) => {
          const names =
            database === undefined ? [...fleet.databases.keys()] : [configured(fleet, database).name];
          const lists = await Promise.all(names.map((name) => state.catalog.list(name)));
          return lists.flat().toSorted(byTime);
        });
        return {
          ok: true,
          kind: "backups",
          data: { backups: entries.map(backupData) },
          text: backupsText(entries),
        };
      }),
    );
};

function byTime(a: CatalogEntry, b: CatalogEntry): number {
  return a.finishedAt - b.finishedAt;
}
