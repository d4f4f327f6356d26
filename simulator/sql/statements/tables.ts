import type { SqlValue } from "../../engine/values.ts";
import type { TableDefinition } from "../../instance/api.ts";
import { BindSet } from "../binds.ts";
import { findTable, unknownTable } from "../dictionary/tables.ts";
import { columnValue } from "../dml/changes.ts";
import { fail, failAt } from "../errors.ts";
import { holds } from "../privileges.ts";
import { runQuery } from "../query-run.ts";
import type { Query } from "../syntax/ast.ts";
import { parseTypeName } from "../syntax/call-parser.ts";
import { parseTableName } from "../syntax/from-parser.ts";
import type { Parser } from "../syntax/parser.ts";
import { namedType, typeText } from "../translate/types.ts";
import { require, requireOpen, tablespaceNamed } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

type ColumnDefinition = TableDefinition["columns"][number];

/** CREATE TABLE name (column type …) [TABLESPACE name] [AS query]. */
const createTable: Statement = {
  starts: ["CREATE", "TABLE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 922;
    const { parts, position } = parseTableName(cursor);
    const columns = cursor.acceptOp("(") ? parseColumns(cursor) : [];
    const tablespace = parseStorage(cursor);
    const query = cursor.accept("AS") ? cursor.query() : undefined;
    cursor.end(922);
    if (columns.length === 0 && query === undefined) throw failAt(cursor.peek().start, 906);
    const owner = parts.at(-2) ?? world.session.schema;
    require(world, owner === world.session.user ? "CREATE TABLE" : "CREATE ANY TABLE", "CREATE ANY TABLE");
    requireOpen(world, true);
    if (findTable(world, parts) !== undefined) throw failAt(position, 955);
    await build(
      world,
      { owner, name: parts.at(-1) ?? "", tablespace: tablespaceOf(world, owner, tablespace), columns },
      query,
    );
  },
};

async function build(
  world: StatementWorld,
  table: Omit<TableDefinition, "objectId">,
  query: Query | undefined,
): Promise<void> {
  const { instance } = world.core;
  if (query === undefined) {
    await instance.createTable(world.session.conId, table);
    return;
  }
  const result = runQuery(world, query, { binds: new BindSet([], []) });
  const columns =
    table.columns.length > 0
      ? table.columns
      : result.columns.map((column) => ({ name: column.name, type: derivedType(column), nullable: true }));
  const created = await instance.createTable(world.session.conId, { ...table, columns });
  await fill(world, created, result.rows);
}

async function fill(
  world: StatementWorld,
  table: TableDefinition,
  rows: Iterable<readonly SqlValue[]>,
): Promise<void> {
  const transaction = world.core.instance.begin(world.session.conId);
  try {
    for (const row of rows)
      await transaction.insert(
        table.objectId,
        row.map((value, index) => columnValue(world, table, index, value, false)),
      );
    await transaction.commit();
  } catch (error) {
    await transaction.rollback();
    await world.core.instance.dropTable(world.session.conId, table.objectId);
    throw error;
  }
}

function derivedType(column: {
  readonly type: string;
  readonly size: number;
  readonly precision?: number;
  readonly scale?: number;
}): string {
  if (column.type === "NUMBER")
    return column.precision === undefined ? "NUMBER" : `NUMBER(${column.precision},${column.scale ?? 0})`;
  if (column.type === "CHAR") return `VARCHAR2(${column.size})`;
  return /^(N?VARCHAR2|RAW)$/.test(column.type) ? `${column.type}(${column.size})` : column.type;
}

function parseColumns(cursor: Parser): ColumnDefinition[] {
  const columns: ColumnDefinition[] = [];
  do {
    if (cursor.isWord("CONSTRAINT") || cursor.isWord("PRIMARY", "KEY") || cursor.isWord("UNIQUE"))
      skipConstraint(cursor);
    else columns.push(parseColumn(cursor));
  } while (cursor.acceptOp(","));
  cursor.expectOp(")", 907);
  return columns;
}

function parseColumn(cursor: Parser): ColumnDefinition {
  const name = cursor.name(904).value;
  const at = cursor.peek().start;
  const type = parseTypeName(cursor);
  if (namedType(type.name, type.sizes) === undefined) throw failAt(at, 902);
  let nullable = true;
  for (;;) {
    if (cursor.accept("NOT", "NULL") || cursor.accept("PRIMARY", "KEY")) nullable = false;
    else if (cursor.accept("DEFAULT")) cursor.expression();
    else if (cursor.accept("CONSTRAINT")) cursor.name();
    else if (!cursor.accept("NULL") && !cursor.accept("UNIQUE")) break;
  }
  return { name, type: typeText(type.name, type.sizes), nullable };
}

/** Keys are read and not kept: the simulated tables have no indexes. */
function skipConstraint(cursor: Parser): void {
  if (cursor.accept("CONSTRAINT")) cursor.name();
  if (!cursor.accept("PRIMARY", "KEY") && !cursor.accept("UNIQUE")) throw cursor.unexpected();
  cursor.expectOp("(", 906);
  cursor.list();
  cursor.expectOp(")", 907);
}

function parseStorage(cursor: Parser): string | undefined {
  let tablespace: string | undefined;
  for (;;) {
    if (cursor.accept("TABLESPACE")) tablespace = cursor.name().value;
    else if (cursor.accept("PCTFREE")) cursor.integer();
    else if (!cursor.accept("LOGGING") && !cursor.accept("SEGMENT", "CREATION", "IMMEDIATE"))
      return tablespace;
  }
}

function tablespaceOf(world: StatementWorld, owner: string, named: string | undefined): string {
  if (named !== undefined) return tablespaceNamed(world, named).name;
  const preferred = world.core.accounts.find(owner)?.defaultTablespace ?? "USERS";
  const known = (world.core.instance.controlFile?.tablespaces ?? []).filter(
    (tablespace) => tablespace.conId === world.session.conId,
  );
  return known.some((tablespace) => tablespace.name === preferred)
    ? preferred
    : (known.find(
        (tablespace) =>
          tablespace.contents === "PERMANENT" && tablespace.name !== "SYSTEM" && tablespace.name !== "SYSAUX",
      )?.name ?? "SYSTEM");
}

/** A table that the session may drop or empty; ORA-00942 where there is none. */
function ownTable(world: StatementWorld, cursor: Parser): TableDefinition {
  const { parts, position } = parseTableName(cursor);
  requireOpen(world, true);
  const table = findTable(world, parts);
  if (table === undefined) throw unknownTable(world, parts, position);
  if (table.owner !== world.session.user && !holds(world.session, world.core.accounts, "DROP ANY TABLE"))
    throw fail(1031);
  return table;
}

const dropTable: Statement = {
  starts: ["DROP", "TABLE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    const table = ownTable(world, cursor);
    cursor.accept("CASCADE", "CONSTRAINTS");
    cursor.accept("PURGE");
    cursor.end(933);
    await world.core.instance.dropTable(world.session.conId, table.objectId);
  },
};

/** As Oracle does it, by another segment: dropped and created again, with a new object number. */
const truncateTable: Statement = {
  starts: ["TRUNCATE", "TABLE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    const { objectId, ...table } = ownTable(world, cursor);
    cursor.acceptOne("DROP", "REUSE");
    cursor.accept("STORAGE");
    cursor.end(933);
    await world.core.instance.dropTable(world.session.conId, objectId);
    await world.core.instance.createTable(world.session.conId, table);
  },
};

export const tableStatements: readonly Statement[] = [createTable, dropTable, truncateTable];
