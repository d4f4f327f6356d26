import { fleetJsonSchema } from "../../src/config/json-schema.ts";
import { commandsPage } from "./commands-page.ts";
import { errorsPage } from "./errors-page.ts";
import { sqlReadme } from "./sql-readme.ts";

/** One generated file. `content` is whole and ends with a newline; the same sources give the same text. */
export interface Generator {
  readonly path: string;
  readonly content: () => string | Promise<string>;
}

export const generators: readonly Generator[] = [
  { path: "config/umbra.schema.json", content: fleetJsonSchema },
  { path: "docs/commands.md", content: commandsPage },
  { path: "docs/errors.md", content: errorsPage },
  { path: "sql/README.md", content: () => sqlReadme("sql") },
];
