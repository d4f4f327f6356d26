import type { ContainerFacts, DatabaseIdentity } from "../domain/facts.ts";
import { type ContainerName, ROOT } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { present, readRows, type RowReader } from "./row-reader.ts";

/** CDB$ROOT first; a database without containers has only that one, with id 0. Needs MOUNT and the root (rule 100). */
export async function readContainers(
  db: Database,
  identity: DatabaseIdentity,
  options: CallOptions,
): Promise<ContainerFacts[]> {
  const root = { id: identity.cdb ? 1 : 0, name: ROOT, openMode: identity.openMode };
  if (!identity.cdb) return [root];
  const others = await readRows(db, "containers", options, (row) => ({
    id: row.number("con_id"),
    name: row.text("name") as ContainerName,
    openMode: row.text("open_mode"),
    ...present("guid", row.optionalText("guid")),
  }));
  return [root, ...others];
}

/** The container in a row's CON_ID; 0 is the whole database (rule 100). */
export function containerOf(row: RowReader, containers: readonly ContainerFacts[]): ContainerName {
  const id = row.number("con_id");
  if (id <= 1) return ROOT;
  // One that was created or plugged in between two statements is not known: the reading must start again.
  return containers.find((one) => one.id === id)?.name ?? row.fail("con_id", "a container that v$pdbs has");
}
