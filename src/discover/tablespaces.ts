import type { ContainerFacts, TablespaceFacts } from "../domain/facts.ts";
import type { TablespaceName } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { containerOf } from "./containers.ts";
import { readRows } from "./row-reader.ts";

/** What only the dictionary of an open container knows, by tablespace name. */
export type TablespaceStates = ReadonlyMap<string, { readonly contents: string; readonly status: string }>;

/** All containers' tablespaces, without contents and status. Needs MOUNT. */
export function readTablespaces(
  db: Database,
  containers: readonly ContainerFacts[],
  options: CallOptions,
): Promise<TablespaceFacts[]> {
  return readRows(db, "tablespaces", options, (row) => ({
    container: containerOf(row, containers),
    name: row.text("name") as TablespaceName,
    number: row.number("ts"),
    bigfile: row.yesNo("bigfile"),
  }));
}

/** Of the session's own container, which must be open. */
export async function readTablespaceStates(db: Database, options: CallOptions): Promise<TablespaceStates> {
  const rows = await readRows(db, "tablespace-states", options, (row) => {
    const state = { contents: row.text("contents"), status: row.text("status") };
    return [row.text("tablespace_name"), state] as const;
  });
  return new Map(rows);
}
