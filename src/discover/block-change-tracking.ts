import type { FilePath } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** The tracking file; undefined while tracking is off. Needs MOUNT. */
export async function readBlockChangeTracking(
  db: Database,
  options: CallOptions,
): Promise<FilePath | undefined> {
  const files = await readRows(db, "block-change-tracking", options, (row) =>
    row.text("status") === "DISABLED" ? undefined : row.optionalText("filename"),
  );
  return files.find((path) => path !== undefined) as FilePath | undefined;
}
