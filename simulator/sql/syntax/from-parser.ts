import { failAt } from "../errors.ts";
import type { FromItem, TableReference } from "./ast.ts";
import { isReserved } from "./reserved.ts";
import type { Parser } from "./parser.ts";

type JoinType = Extract<FromItem, { kind: "join" }>["type"];

/** One item of FROM with the joins that follow it. */
export function parseFrom(cursor: Parser): FromItem {
  let left = parseSource(cursor);
  for (;;) {
    const type = parseJoinType(cursor);
    if (type === undefined) return left;
    const right = parseSource(cursor);
    left = { kind: "join", type, left, right, ...parseJoinCondition(cursor, type) };
  }
}

function parseJoinType(cursor: Parser): JoinType | undefined {
  if (cursor.accept("JOIN") || cursor.accept("INNER", "JOIN")) return "INNER";
  if (cursor.accept("CROSS", "JOIN")) return "CROSS";
  for (const side of ["LEFT", "RIGHT", "FULL"] as const) {
    if (cursor.accept(side, "JOIN") || cursor.accept(side, "OUTER", "JOIN")) return side;
  }
  return undefined;
}

function parseJoinCondition(
  cursor: Parser,
  type: JoinType,
): Pick<Extract<FromItem, { kind: "join" }>, "on" | "using"> {
  if (type === "CROSS") return {};
  if (cursor.accept("ON")) return { on: cursor.expression() };
  if (!cursor.accept("USING")) throw failAt(cursor.peek().start, 905);
  cursor.expectOp("(", 906);
  const using: string[] = [];
  do using.push(cursor.name().value);
  while (cursor.acceptOp(","));
  cursor.expectOp(")", 907);
  return { using };
}

function parseSource(cursor: Parser): FromItem {
  if (cursor.isOp("(")) {
    if (cursor.startsQuery(1))
      return { kind: "derived", query: cursor.parenthesisedQuery(), alias: parseTableAlias(cursor) };
    cursor.next();
    const inner = parseFrom(cursor);
    cursor.expectOp(")", 907);
    return inner;
  }
  return parseTable(cursor);
}

/** schema.table, with an alias. */
export function parseTableName(cursor: Parser): { parts: string[]; position: number } {
  const token = cursor.peek();
  if (token.kind === "word" && isReserved(token.value)) throw failAt(token.start, 903);
  const first = cursor.name(903);
  const parts = [first.value];
  while (cursor.acceptOp(".")) parts.push(cursor.name(903).value);
  return { parts, position: first.position };
}

function parseTable(cursor: Parser): TableReference {
  const { parts, position } = parseTableName(cursor);
  const asOf = parseAsOf(cursor);
  const alias = parseTableAlias(cursor);
  return { kind: "table", parts, position, alias, ...(asOf && { asOf }) };
}

function parseAsOf(cursor: Parser): TableReference["asOf"] {
  if (!cursor.accept("AS", "OF")) return undefined;
  const unit = cursor.acceptOne("SCN", "TIMESTAMP");
  if (unit === undefined) throw failAt(cursor.peek().start, 905);
  return { unit, value: cursor.expression() };
}

function parseTableAlias(cursor: Parser): string | undefined {
  const token = cursor.peek();
  if (token.kind === "quoted" || (token.kind === "word" && !isReserved(token.value)))
    return cursor.next().value;
  return undefined;
}
