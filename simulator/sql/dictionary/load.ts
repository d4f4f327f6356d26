import type { SqlValue } from "../../engine/values.ts";
import type { TableDefinition } from "../../instance/api.ts";
import { fail } from "../errors.ts";
import { seesDictionary, seesTable } from "../privileges.ts";
import { encodeMoment, localDate, localMoment, zonedMoment } from "../runtime/moment.ts";
import { toStored, type Stored } from "../runtime/stored-value.ts";
import type { LoadedTable, ScopeColumn } from "../translate/context.ts";
import { parsedType, type ResultType } from "../translate/types.ts";
import { findView } from "./catalog.ts";
import { rowIdText } from "./row-address.ts";
import { findTable, requireDictionary, unknownTable } from "./tables.ts";
import { hasRelease, type View, type ViewColumn, type ViewRow, type ViewWorld } from "./view.ts";

const ROWID: ScopeColumn = {
  name: "ROWID",
  type: { type: "ROWID", size: 18, nullable: false },
  hidden: true,
};
const STATES = ["IDLE", "NOMOUNT", "MOUNT", "OPEN"];

/** A table or view named in a statement, with its rows in SQLite. `empty` leaves the rows out (describe). */
export function loadTable(
  world: ViewWorld,
  parts: readonly string[],
  position: number,
  options: { scn?: bigint; empty: boolean },
): LoadedTable {
  const table = findTable(world, parts);
  if (table !== undefined) return loadUserTable(world, table, parts, position, options);
  const view =
    parts.length > 2 || (parts.length === 2 && parts[0] !== "SYS" && parts[0] !== "PUBLIC")
      ? undefined
      : findView(parts.at(-1) ?? "");
  if (view === undefined) {
    if (!/^(DUAL|G?V_?\$.*)$/.test(parts.at(-1) ?? "")) requireDictionary(world);
    throw unknownTable(world, parts, position);
  }
  return loadView(world, view, parts, position, options.empty);
}

function loadView(
  world: ViewWorld,
  view: View,
  parts: readonly string[],
  position: number,
  empty: boolean,
): LoadedTable {
  if (!view.public && !seesDictionary(world.session, world.core.accounts))
    throw unknownTable(world, parts, position);
  requireState(world, view);
  const release = world.core.instance.profile.name;
  const columns = view.columns.filter((column) => hasRelease(release, column.since));
  const rows = empty ? [] : storedRows(world, view, columns);
  const sql = world.core.database.load(
    columns.map((column) => column.name),
    rows,
  );
  return { sql, owner: "SYS", name: view.name, columns };
}

function requireState(world: ViewWorld, view: View): void {
  if (view.needs === "OPEN") return requireDictionary(world);
  if (STATES.indexOf(world.core.instance.state) < STATES.indexOf(view.needs)) throw fail(1507);
}

function* storedRows(world: ViewWorld, view: View, columns: readonly ViewColumn[]): Iterable<Stored[]> {
  for (const row of view.rows(world)) {
    if (isVisible(world, row))
      yield columns.map((column) => storedView(world, row[column.name], column.type));
  }
}

/** Inside a PDB only its own rows are seen, and those of the whole database. */
function isVisible(world: ViewWorld, row: ViewRow): boolean {
  const conId = row["CON_ID"];
  return (
    world.session.conId <= 1 || typeof conId !== "number" || conId === 0 || conId === world.session.conId
  );
}

function storedView(world: ViewWorld, value: ViewRow[string], type: ResultType): Stored {
  if (!(value instanceof Date)) return toStored(value, type.type === "INTERVAL" ? "NUMBER" : type.type);
  const zone = world.core.zoneMinutes;
  if (type.type === "DATE") return encodeMoment(localDate(value, zone));
  return encodeMoment(
    type.type === "TIMESTAMP WITH TIME ZONE" ? zonedMoment(value, zone) : localMoment(value, zone),
  );
}

function loadUserTable(
  world: ViewWorld,
  table: TableDefinition,
  parts: readonly string[],
  position: number,
  options: { scn?: bigint; empty: boolean },
): LoadedTable {
  if (!seesTable(world.session, world.core.accounts, "SELECT", table.owner, table.name))
    throw unknownTable(world, parts, position);
  const columns: ScopeColumn[] = table.columns.map((column) => ({
    name: column.name,
    type: parsedType(column.type, column.nullable),
  }));
  const rows = options.empty ? [] : userRows(world, table, columns, options.scn);
  const sql = world.core.database.load(
    [...columns, ROWID].map((column) => column.name),
    rows,
  );
  return { sql, owner: table.owner, name: table.name, columns: [...columns, ROWID] };
}

function* userRows(
  world: ViewWorld,
  table: TableDefinition,
  columns: readonly ScopeColumn[],
  scn: bigint | undefined,
): Iterable<Stored[]> {
  const { session, core } = world;
  const transaction = session.transaction;
  const options = {
    ...(scn !== undefined && { scn }),
    ...(transaction !== undefined &&
      transaction.conId === session.conId &&
      scn === undefined && { transaction }),
  };
  for (const row of core.instance.readRows(session.conId, table.objectId, options)) {
    const values = columns.map((column, index) => storedUser(row.values[index], column.type));
    values.push(rowIdText(table.objectId, row.address));
    yield values;
  }
}

function storedUser(value: SqlValue | undefined, type: ResultType): Stored {
  return toStored(value, type.type === "INTERVAL" ? "NUMBER" : type.type);
}
