import type { ContainerFacts, TempfileFacts } from "../domain/facts.ts";
import type { FilePath, TablespaceName } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { containerOf } from "./containers.ts";
import { readRows } from "./row-reader.ts";

/** All containers' temp files; whether they grow is not known in MOUNT and false here (`growing` has the others). */
export function readTempfiles(
  db: Database,
  containers: readonly ContainerFacts[],
  options: CallOptions,
): Promise<TempfileFacts[]> {
  return readRows(db, "tempfiles", options, (row) => ({
    file: row.number("file_no"),
    container: containerOf(row, containers),
    tablespace: row.text("ts_name") as TablespaceName,
    path: row.path("name"),
    bytes: row.number("bytes"),
    autoextensible: false,
  }));
}

/** Paths of the temp files that grow, of the session's own container, which must be open. */
export async function readGrowingTempfiles(
  db: Database,
  options: CallOptions,
): Promise<ReadonlySet<FilePath>> {
  const rows = await readRows(db, "tempfile-growth", options, (row) => ({
    path: row.path("file_name"),
    grows: row.yesNo("autoextensible"),
  }));
  return new Set(rows.filter((row) => row.grows).map((row) => row.path));
}
