import type { ExecuteResult } from "../../engine/engine.ts";
import type { SqlValue } from "../../engine/values.ts";
import type { RowAddress, TableDefinition, Transaction } from "../../instance/api.ts";
import type { BindValues } from "../binds.ts";
import { findTable, requireDictionary, unknownTable } from "../dictionary/tables.ts";
import { parseRowId } from "../dictionary/row-address.ts";
import { fail, failAt } from "../errors.ts";
import { seesTable } from "../privileges.ts";
import { runQuery, type RunOptions, type Variable } from "../query-run.ts";
import { requireOpen } from "../statements/rules.ts";
import type { StatementWorld } from "../statements/statement.ts";
import type { Expression, Query, SelectItem } from "../syntax/ast.ts";
import { parseTableName } from "../syntax/from-parser.ts";
import type { Parser } from "../syntax/parser.ts";
import { isReserved } from "../syntax/reserved.ts";
import { columnIndex, columnValue } from "./changes.ts";

interface Target {
  readonly table: TableDefinition;
  readonly parts: readonly string[];
  readonly alias: string | undefined;
  readonly position: number;
}

type Dml = Extract<ExecuteResult, { kind: "dml" }>;

/** INSERT, UPDATE and DELETE: rows are found by a query on the table and changed through the session's transaction. */
export async function runDml(
  world: StatementWorld,
  cursor: Parser,
  binds: BindValues,
  variables?: (name: string) => Variable | undefined,
): Promise<Dml> {
  const options: RunOptions = { binds, ...(variables && { variables }) };
  if (cursor.accept("INSERT")) return insert(world, cursor, options);
  if (cursor.accept("UPDATE")) return update(world, cursor, options);
  if (cursor.accept("DELETE")) return remove(world, cursor, options);
  throw failAt(cursor.peek().start, 3001);
}

function parseTarget(world: StatementWorld, cursor: Parser, verb: string): Target {
  const { parts, position } = parseTableName(cursor);
  requireDictionary(world);
  const table = findTable(world, parts);
  if (table === undefined || !seesTable(world.session, world.core.accounts, verb, table.owner, table.name))
    throw unknownTable(world, parts, position);
  requireOpen(world, true);
  const token = cursor.peek();
  const alias =
    token.kind === "quoted" || (token.kind === "word" && !isReserved(token.value))
      ? cursor.next().value
      : undefined;
  return { table, parts, alias, position };
}

async function insert(world: StatementWorld, cursor: Parser, options: RunOptions): Promise<Dml> {
  if (!cursor.accept("INTO")) throw failAt(cursor.peek().start, 925);
  const { table } = parseTarget(world, cursor, "INSERT");
  const places = parseColumns(cursor, table);
  const rows = cursor.accept("VALUES")
    ? insertedValues(world, cursor, options)
    : insertedQuery(world, cursor, options);
  const prepared = rows.map((row) => {
    if (row.length < places.length) throw fail(947);
    if (row.length > places.length) throw fail(913);
    return table.columns.map((_, index) =>
      columnValue(world, table, index, row[places.indexOf(index)] ?? null, false),
    );
  });
  let last: RowAddress | undefined;
  await wholly(world, async (transaction) => {
    for (const row of prepared) last = await transaction.insert(table.objectId, row);
  });
  return result(prepared.length, last);
}

function parseColumns(cursor: Parser, table: TableDefinition): number[] {
  if (!cursor.isOp("(") || cursor.startsQuery(1)) return table.columns.map((_, index) => index);
  cursor.next();
  const places: number[] = [];
  do {
    const { value, position } = cursor.name();
    const index = columnIndex(table, value, position);
    if (places.includes(index)) throw failAt(position, 957);
    places.push(index);
  } while (cursor.acceptOp(","));
  cursor.expectOp(")", 907);
  return places;
}

function insertedValues(world: StatementWorld, cursor: Parser, options: RunOptions): (readonly SqlValue[])[] {
  const rows: (readonly SqlValue[])[] = [];
  do {
    cursor.expectOp("(", 906);
    const list = cursor.list();
    cursor.expectOp(")", 907);
    rows.push(...runQuery(world, fromDual(list), options).rows);
  } while (cursor.acceptOp(","));
  cursor.end(933);
  return rows;
}

function insertedQuery(
  world: StatementWorld,
  cursor: Parser,
  options: RunOptions,
): readonly (readonly SqlValue[])[] {
  if (!cursor.startsQuery()) throw failAt(cursor.peek().start, 926);
  const query = cursor.query();
  cursor.end(933);
  return runQuery(world, query, options).rows;
}

async function update(world: StatementWorld, cursor: Parser, options: RunOptions): Promise<Dml> {
  const target = parseTarget(world, cursor, "UPDATE");
  if (!cursor.accept("SET")) throw failAt(cursor.peek().start, 971);
  const assignments: { index: number; value: Expression }[] = [];
  do {
    const { value: name, position } = qualified(cursor);
    cursor.expectOp("=", 927);
    assignments.push({ index: columnIndex(target.table, name, position), value: cursor.expression() });
  } while (cursor.acceptOp(","));
  const where = parseWhere(cursor);
  const { table } = target;
  const list = [
    ...table.columns.map((column) => name(column.name)),
    ...assignments.map(({ value }) => value),
  ];
  const query = targetQuery(target, list, where);
  const found = await lockedRows(world, table, () => runQuery(world, query, options).rows);
  const changes = found.map((row) => {
    const values = row.slice(1, table.columns.length + 1);
    for (const [at, { index }] of assignments.entries())
      values[index] = columnValue(world, table, index, row[table.columns.length + 1 + at] ?? null, true);
    return { address: parseRowId(row[0]), values };
  });
  let last: RowAddress | undefined;
  if (changes.length > 0)
    await wholly(world, async (transaction) => {
      for (const { address, values } of changes)
        last = await transaction.update(table.objectId, address, values);
    });
  return result(changes.length, last);
}

/** The column of SET, perhaps with its table before it. */
function qualified(cursor: Parser): { value: string; position: number } {
  const first = cursor.name();
  return cursor.acceptOp(".") ? cursor.name() : first;
}

async function remove(world: StatementWorld, cursor: Parser, options: RunOptions): Promise<Dml> {
  cursor.accept("FROM");
  const target = parseTarget(world, cursor, "DELETE");
  const where = parseWhere(cursor);
  const { table } = target;
  const query = targetQuery(target, [], where);
  const rows = await lockedRows(world, table, () => runQuery(world, query, options).rows);
  if (rows.length > 0)
    await wholly(world, async (transaction) => {
      for (const [address] of rows) await transaction.delete(table.objectId, parseRowId(address ?? null));
    });
  return result(rows.length, undefined);
}

function parseWhere(cursor: Parser): Expression | undefined {
  const where = cursor.accept("WHERE") ? cursor.expression() : undefined;
  cursor.end(933);
  return where;
}

const name = (column: string): Expression => ({ kind: "name", parts: [column], position: 0 });
const item = (expression: Expression, index: number): SelectItem => ({
  kind: "expression",
  expression,
  name: `C${index}`,
});

function fromDual(list: readonly Expression[]): Query {
  const dual = { kind: "table", parts: ["SYS", "DUAL"], alias: undefined, position: 0 } as const;
  return {
    with: [],
    order: [],
    forUpdate: false,
    body: { kind: "select", distinct: false, items: list.map(item), from: [dual], group: [] },
  };
}

/** ROWID and the given expressions of the rows that the condition picks. */
function targetQuery(target: Target, list: readonly Expression[], where: Expression | undefined): Query {
  const from = {
    kind: "table",
    parts: target.parts,
    alias: target.alias,
    position: target.position,
  } as const;
  const items = [name("ROWID"), ...list].map(item);
  return {
    with: [],
    order: [],
    forUpdate: false,
    body: { kind: "select", distinct: false, items, from: [from], group: [], ...(where && { where }) },
  };
}

/** The session's transaction, begun at its first change. It stays in one container (ORA-65023). */
function transactionOf(world: StatementWorld): Transaction {
  const { session, core } = world;
  session.transaction ??= core.instance.begin(session.conId);
  if (session.transaction.conId !== session.conId) throw fail(65_023);
  return session.transaction;
}

/** SELECT … FOR UPDATE from one table: its rows are held before they are read. */
export async function holdSelected(world: StatementWorld, query: Query, options: RunOptions): Promise<void> {
  const { body } = query;
  if (!query.forUpdate || body.kind !== "select") return;
  const [from, second] = body.from;
  if (from?.kind !== "table" || second !== undefined) return;
  requireDictionary(world);
  const table = findTable(world, from.parts);
  if (table === undefined) return;
  requireOpen(world, true);
  const { where } = body;
  const target = { table, parts: from.parts, alias: from.alias, position: from.position };
  const rows = targetQuery(target, [], where);
  await lockedRows(world, table, () => runQuery(world, rows, options).rows);
}

/** The rows that the statement changes, each held. Where one was waited for, all are looked for again, as Oracle restarts such a statement. */
async function lockedRows(
  world: StatementWorld,
  table: TableDefinition,
  find: () => readonly (readonly SqlValue[])[],
): Promise<readonly (readonly SqlValue[])[]> {
  for (;;) {
    const rows = find();
    let waited = false;
    for (const [address] of rows)
      if (await transactionOf(world).lock(table.objectId, parseRowId(address ?? null))) waited = true;
    if (!waited) return rows;
  }
}

/** A statement that fails leaves nothing behind, while what was done before it stays. */
async function wholly(
  world: StatementWorld,
  change: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  const transaction = transactionOf(world);
  const savepoint = transaction.savepoint();
  try {
    await change(transaction);
  } catch (error) {
    await transaction.rollbackTo(savepoint);
    throw error;
  }
}

function result(rowsAffected: number, last: RowAddress | undefined): Dml {
  return {
    kind: "dml",
    rowsAffected,
    ...(last && { rowId: { rba: 0, partition: last.file, block: last.block, slot: last.slot } }),
  };
}
