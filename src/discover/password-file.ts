import type { FilePath } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** undefined where the instance uses none. 12.2 and later (rule 12). */
export async function readPasswordFile(db: Database, options: CallOptions): Promise<FilePath | undefined> {
  const paths = await readRows(db, "password-file", options, (row) => row.optionalText("file_name"));
  return paths.find((path) => path !== undefined) as FilePath | undefined;
}
