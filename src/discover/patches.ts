import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** `APPLY 35643107 SUCCESS Database Release Update …`, oldest first. The root must be open; 12.2 and later. */
export function readPatches(db: Database, options: CallOptions): Promise<string[]> {
  return readRows(db, "patches", options, (row) =>
    ["action", "patch_id", "status", "description"]
      .map((column) => row.optionalText(column) ?? "")
      .join(" ")
      .trim(),
  );
}
