import { OraError } from "../engine/ora-error.ts";
import type { TableDefinition } from "./api.ts";
import { type Container, EXTENTS_OBJECT, TABLES_OBJECT } from "./container.ts";
import type { TablespaceRecord } from "./control-file.ts";
import type { SimulatedDatabase } from "./database.ts";
import { readRows } from "./rows.ts";
import { OpenTransaction } from "./transaction.ts";

export function openContainer(database: SimulatedDatabase, conId: number): Container {
  const found = database.containers.get(conId);
  if (found !== undefined) return found;
  if (conId > 1) throw new OraError(65_054, "Cannot open a pluggable database in the desired mode.");
  throw new OraError(1109, "database not open");
}

export function listTables(database: SimulatedDatabase, conId: number): readonly TableDefinition[] {
  const { segments } = openContainer(database, conId);
  return [...segments.values()]
    .filter((segment) => segment.definition.objectId > EXTENTS_OBJECT)
    .map((segment) => segment.definition);
}

export async function createTable(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  table: Omit<TableDefinition, "objectId">,
): Promise<TableDefinition> {
  const container = openContainer(database, conId);
  container.filesOf(table.tablespace);
  if (listTables(database, conId).some((known) => known.owner === table.owner && known.name === table.name)) {
    throw new OraError(955, "name is already used by an existing object");
  }
  const definition: TableDefinition = { ...table, objectId: container.nextObjectId() };
  container.segments.set(definition.objectId, {
    definition,
    extents: [],
    hint: 0,
    freed: new Set(),
    extending: undefined,
  });
  try {
    const transaction = new OpenTransaction(database, container, thread);
    await transaction.insert(TABLES_OBJECT, [definition.objectId, JSON.stringify(definition)]);
    await transaction.commit();
  } catch (error) {
    container.segments.delete(definition.objectId);
    throw error;
  }
  return definition;
}

/** Rows of tablespaces lie among those of tables, under numbers below 0. */
const tablespaceRow = (tablespace: TablespaceRecord): number => -1 - tablespace.ts;

/** Temporary tablespaces are in the dictionary, so that an open finds them behind a control file that was made anew. */
export async function noteTablespace(
  database: SimulatedDatabase,
  thread: number,
  container: Container,
  tablespace: TablespaceRecord,
): Promise<void> {
  if (tablespace.contents !== "TEMPORARY") return;
  const transaction = new OpenTransaction(database, container, thread);
  await transaction.insert(TABLES_OBJECT, [tablespaceRow(tablespace), JSON.stringify(tablespace)]);
  await transaction.commit();
}

export async function forgetTablespace(
  database: SimulatedDatabase,
  thread: number,
  container: Container,
  tablespace: TablespaceRecord,
): Promise<void> {
  const rows = [...readRows(database, container, TABLES_OBJECT, {})];
  const transaction = new OpenTransaction(database, container, thread);
  for (const row of rows)
    if (row.values[0] === tablespaceRow(tablespace)) await transaction.delete(TABLES_OBJECT, row.address);
  await transaction.commit();
}

/** The dictionary forgets the table and its extents in one transaction; its blocks are free at once. */
export async function dropTable(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  objectId: number,
): Promise<void> {
  const container = openContainer(database, conId);
  container.segment(objectId);
  const transaction = new OpenTransaction(database, container, thread);
  for (const object of [TABLES_OBJECT, EXTENTS_OBJECT]) {
    const rows = [...readRows(database, container, object, {})].filter((row) => row.values[0] === objectId);
    for (const row of rows) await transaction.delete(object, row.address);
  }
  await transaction.commit();
  container.segments.delete(objectId);
}
