import { fail, failAt } from "../errors.ts";
import type { OrderItem, Query, QueryBody } from "../syntax/ast.ts";
import { translateBlock } from "./blocks.ts";
import { orderTerm } from "./calls.ts";
import { quoted, type Scope, type ScopeColumn, type TranslatedQuery, type Translation } from "./context.ts";
import { outputPosition } from "./order-position.ts";
import { commonType } from "./types.ts";

/** A query with its WITH, ORDER BY and FETCH. Named queries are put in where they are used. */
export function translateQuery(
  translation: Translation,
  query: Query,
  outer: Scope | undefined,
): TranslatedQuery {
  const named = new Map(outer?.named);
  for (const { name, columns, query: definition } of query.with) {
    const translated = translateQuery(translation, definition, withNamed(outer, named));
    named.set(name, columns.length > 0 ? renamed(translated, columns) : translated);
  }
  const scope = withNamed(outer, named);
  const body =
    query.body.kind === "select"
      ? translateBlock(translation, query.body, scope, query.order)
      : ordered(translateBody(translation, query.body, scope), query.order);
  const limit = limitSql(translation, query, scope);
  return { sql: body.sql + limit, columns: body.columns };
}

function withNamed(outer: Scope | undefined, named: Scope["named"]): Scope {
  return { sources: [], named, pseudo: {}, ...(outer && { parent: outer }) };
}

function renamed(query: TranslatedQuery, names: readonly string[]): TranslatedQuery {
  if (names.length !== query.columns.length) throw fail(32_038);
  const columns = query.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
  return { sql: `SELECT * FROM (${aliased(query.sql, query.columns, columns)})`, columns };
}

function aliased(sql: string, from: readonly ScopeColumn[], to: readonly ScopeColumn[]): string {
  return `SELECT ${from.map((column, index) => `${quoted(column.name)} AS ${quoted(to[index]?.name ?? column.name)}`).join(", ")} FROM (${sql})`;
}

function translateBody(translation: Translation, body: QueryBody, scope: Scope): TranslatedQuery {
  if (body.kind === "select") return translateBlock(translation, body, scope, []);
  if (body.kind === "nested") return translateQuery(translation, body.query, scope);
  const left = translateBody(translation, body.left, scope);
  const right = translateBody(translation, body.right, scope);
  if (left.columns.length !== right.columns.length) throw fail(1789);
  const columns = left.columns.map((column, index) => ({
    ...column,
    type: commonType([column.type, right.columns[index]?.type ?? column.type]),
  }));
  const operator = body.operator === "MINUS" ? "EXCEPT" : body.operator;
  return { sql: `SELECT * FROM (${left.sql}) ${operator} SELECT * FROM (${right.sql})`, columns };
}

/** ORDER BY behind a set operator: by position or by a name of the first query. */
function ordered(body: TranslatedQuery, order: readonly OrderItem[]): TranslatedQuery {
  if (order.length === 0) return body;
  const terms = order.map((item) =>
    orderTerm(String(outputPosition(item, body.columns) ?? missing(item)), item),
  );
  return { sql: `SELECT * FROM (${body.sql}) ORDER BY ${terms.join(", ")}`, columns: body.columns };
}

function missing(item: OrderItem): never {
  const { expression } = item;
  if (expression.kind === "name") throw failAt(expression.position, 904, `"${expression.parts.join(".")}"`);
  throw fail(1785);
}

/** FETCH and OFFSET. A sorted query without them gets LIMIT -1, which keeps SQLite from dropping the order of a subquery. */
function limitSql(translation: Translation, query: Query, scope: Scope): string {
  if (!query.count && !query.offset) return query.order.length > 0 ? " LIMIT -1" : "";
  const count = query.count ? translation.expression(query.count, scope).sql : "-1";
  const offset = query.offset ? ` OFFSET ${translation.expression(query.offset, scope).sql}` : "";
  return ` LIMIT ${count}${offset}`;
}
