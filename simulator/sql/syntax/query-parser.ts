import { failAt } from "../errors.ts";
import type { Expression, OrderItem, Query, QueryBody, SelectBlock, SelectItem } from "./ast.ts";
import { parseFrom } from "./from-parser.ts";
import { isReserved } from "./reserved.ts";
import type { Parser } from "./parser.ts";

/** A whole query with WITH, set operators, ORDER BY and FETCH. The caller decides what may follow. */
export function parseQuery(cursor: Parser): Query {
  const named = cursor.accept("WITH") ? parseWith(cursor) : [];
  const body = parseBody(cursor);
  const order =
    cursor.accept("ORDER", "BY") || cursor.accept("ORDER", "SIBLINGS", "BY") ? parseOrderItems(cursor) : [];
  const limits = parseLimits(cursor);
  const forUpdate = cursor.accept("FOR", "UPDATE");
  if (forUpdate) skipForUpdate(cursor);
  return { with: named, body, order, forUpdate, ...limits };
}

function parseWith(cursor: Parser): Query["with"] {
  const named: { name: string; columns: string[]; query: Query }[] = [];
  do {
    const name = cursor.name().value;
    const columns: string[] = [];
    if (cursor.acceptOp("(")) {
      do columns.push(cursor.name().value);
      while (cursor.acceptOp(","));
      cursor.expectOp(")", 907);
    }
    if (!cursor.accept("AS")) throw failAt(cursor.peek().start, 905);
    named.push({ name, columns, query: cursor.parenthesisedQuery() });
  } while (cursor.acceptOp(","));
  return named;
}

function parseBody(cursor: Parser): QueryBody {
  let left = parseTerm(cursor);
  for (;;) {
    const operator = cursor.acceptOne("UNION", "INTERSECT", "MINUS", "EXCEPT");
    if (operator === undefined) return left;
    const all = operator === "UNION" && cursor.accept("ALL");
    const right = parseTerm(cursor);
    left = {
      kind: "set",
      operator: all ? "UNION ALL" : operator === "EXCEPT" ? "MINUS" : operator,
      left,
      right,
    };
  }
}

function parseTerm(cursor: Parser): QueryBody {
  if (cursor.isOp("(")) return { kind: "nested", query: cursor.parenthesisedQuery() };
  if (!cursor.accept("SELECT")) throw failAt(cursor.peek().start, 900);
  return parseBlock(cursor);
}

/** What follows SELECT in one block. */
function parseBlock(cursor: Parser): SelectBlock {
  const distinct = cursor.accept("DISTINCT") || cursor.accept("UNIQUE");
  if (!distinct) cursor.accept("ALL");
  const items = parseItems(cursor);
  if (cursor.intoAllowed && cursor.accept("INTO")) cursor.into = cursor.list();
  if (!cursor.accept("FROM")) throw failAt(cursor.peek().start, 923);
  const from = [parseFrom(cursor)];
  while (cursor.acceptOp(",")) from.push(parseFrom(cursor));
  const where = cursor.accept("WHERE") ? cursor.expression() : undefined;
  const connectBy = cursor.accept("CONNECT", "BY") ? parseConnectBy(cursor) : undefined;
  const group = cursor.accept("GROUP", "BY") ? cursor.list() : [];
  const having = cursor.accept("HAVING") ? cursor.expression() : undefined;
  return {
    kind: "select",
    distinct,
    items,
    from,
    group,
    ...(where && { where }),
    ...(connectBy && { connectBy }),
    ...(having && { having }),
  };
}

function parseConnectBy(cursor: Parser): Expression {
  cursor.accept("NOCYCLE");
  return cursor.expression();
}

/** The select list, up to FROM (or INTO of PL/SQL). */
function parseItems(cursor: Parser): SelectItem[] {
  const items = [parseItem(cursor)];
  while (cursor.acceptOp(",")) items.push(parseItem(cursor));
  return items;
}

function parseItem(cursor: Parser): SelectItem {
  const position = cursor.peek().start;
  if (cursor.acceptOp("*")) return { kind: "star", position };
  const next = cursor.peek();
  if ((next.kind === "word" || next.kind === "quoted") && cursor.isOp(".", 1) && cursor.isOp("*", 2)) {
    cursor.index += 3;
    return { kind: "star", table: next.value, position };
  }
  const from = cursor.index;
  const expression = cursor.expression();
  const label = expression.kind === "name" ? (expression.parts.at(-1) ?? "") : cursor.label(from);
  return { kind: "expression", expression, name: parseAlias(cursor) ?? label };
}

function parseAlias(cursor: Parser): string | undefined {
  if (cursor.accept("AS")) return cursor.name(923).value;
  const token = cursor.peek();
  if (token.kind === "quoted" || (token.kind === "word" && !isReserved(token.value)))
    return cursor.next().value;
  return undefined;
}

export function parseOrderItems(cursor: Parser): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const expression = cursor.expression();
    const descending = cursor.acceptOne("ASC", "DESC") === "DESC";
    const nulls = cursor.accept("NULLS") ? cursor.acceptOne("FIRST", "LAST") : undefined;
    items.push({ expression, descending, nulls: nulls ?? (descending ? "FIRST" : "LAST") });
  } while (cursor.acceptOp(","));
  return items;
}

/** OFFSET n ROWS FETCH FIRST|NEXT n ROWS ONLY. */
function parseLimits(cursor: Parser): { offset?: Expression; count?: Expression } {
  const limits: { offset?: Expression; count?: Expression } = {};
  if (cursor.accept("OFFSET")) {
    limits.offset = cursor.expression();
    cursor.acceptOne("ROW", "ROWS");
  }
  if (cursor.accept("FETCH")) {
    if (!cursor.acceptOne("FIRST", "NEXT")) throw failAt(cursor.peek().start, 905);
    limits.count =
      cursor.isWord("ROW") || cursor.isWord("ROWS") ? { kind: "number", value: "1" } : cursor.expression();
    if (!cursor.acceptOne("ROW", "ROWS") || !cursor.accept("ONLY")) throw failAt(cursor.peek().start, 905);
  }
  return limits;
}

function skipForUpdate(cursor: Parser): void {
  if (cursor.accept("OF")) cursor.list();
  if (cursor.accept("WAIT")) cursor.integer();
  else if (!cursor.accept("SKIP", "LOCKED")) cursor.accept("NOWAIT");
}
