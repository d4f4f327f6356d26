import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** undefined where the database has no such property. The root must be open; 12.2 and later. */
export async function readLocalUndo(db: Database, options: CallOptions): Promise<boolean | undefined> {
  const values = await readRows(db, "local-undo", options, (row) => row.optionalText("property_value"));
  return values[0] === undefined ? undefined : values[0] === "TRUE";
}
