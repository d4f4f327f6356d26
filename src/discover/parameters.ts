import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** The ones that matter to a backup, by name in lower case; those without a value are left out. Needs NOMOUNT. */
export async function readParameters(
  db: Database,
  options: CallOptions,
): Promise<Readonly<Record<string, string>>> {
  const rows = await readRows(
    db,
    "parameters",
    options,
    (row) => [row.text("name").toLowerCase(), row.optionalText("value")] as const,
  );
  return Object.fromEntries(rows.filter((row): row is [string, string] => row[1] !== undefined));
}
