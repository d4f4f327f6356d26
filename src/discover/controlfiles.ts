import type { FilePath } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** Sorted by path. Needs MOUNT. */
export function readControlfiles(db: Database, options: CallOptions): Promise<FilePath[]> {
  return readRows(db, "controlfiles", options, (row) => row.path("name"));
}
