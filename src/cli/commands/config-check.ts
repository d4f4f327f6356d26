import type { Origin } from "../../config/origins.ts";
import { counted } from "../../domain/human.ts";
import type { DatabaseName } from "../../domain/names.ts";
import { type Declare, group } from "../command.ts";
import { configured } from "../context.ts";
import { table } from "../table.ts";

export const configCheck: Declare = (program, perform) => {
  group(program, "config", "check and describe the configuration")
    .command("check")
    .description("read the configuration and show every problem, each at its place")
    .option(
      "--explain <database>",
      "print the effective settings of a database and the place that set each of them",
    )
    .action(
      perform(async (context, options: { explain?: string }) => {
        const { fleet, origins } = await context.fleet();
        if (options.explain !== undefined) {
          const { name } = configured(fleet, options.explain);
          const settings = origins.get(name) ?? [];
          return {
            ok: true,
            kind: "effective-config",
            data: { database: name, settings },
            text: explained(name, settings),
          };
        }
        const databases = [...fleet.databases.keys()];
        const found = `${counted(databases.length, "database")}: ${databases.join(", ")}`;
        const names = { storages: [...fleet.storages.keys()], hosts: [...fleet.hosts.keys()] };
        const data = { config: context.configPath, databases, ...names };
        return { ok: true, kind: "config", data, text: `${context.configPath} is right. ${found}` };
      }),
    );
};

function explained(name: DatabaseName, settings: readonly Origin[]): string {
  const columns = [
    { title: "SETTING", value: (origin: Origin) => origin.setting },
    { title: "VALUE", value: (origin: Origin) => origin.value },
    { title: "FROM", value: (origin: Origin) => origin.from },
  ];
  return `databases.${name}\n${table(columns, settings)}`;
}
