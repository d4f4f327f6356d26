import { failAt } from "../errors.ts";
import type { CallExpression, Expression, OrderItem, TypeName, Window } from "./ast.ts";
import type { Parser } from "./parser.ts";

/** A call; the name has been read, the cursor stands on the parenthesis. */
export function parseCall(cursor: Parser, parts: readonly string[], position: number): CallExpression {
  cursor.expectOp("(", 906);
  const star = cursor.acceptOp("*");
  const distinct = !star && (cursor.accept("DISTINCT") || cursor.accept("UNIQUE"));
  if (!distinct) cursor.accept("ALL");
  const args = star || cursor.isOp(")") ? [] : parseArguments(cursor);
  cursor.expectOp(")", 907);
  if (cursor.accept("IGNORE", "NULLS")) throw failAt(position, 3001);
  const withinGroup = cursor.accept("WITHIN", "GROUP") ? parseWithinGroup(cursor) : undefined;
  const over = cursor.accept("OVER") ? parseWindow(cursor) : undefined;
  return {
    kind: "call",
    parts,
    arguments: args,
    star,
    distinct,
    position,
    ...(withinGroup && { withinGroup }),
    ...(over && { over }),
  };
}

/** Named notation (`seconds => 1`) is taken by position. */
function parseArguments(cursor: Parser): Expression[] {
  const list: Expression[] = [];
  do {
    if (cursor.isOp("=>", 1)) {
      cursor.next();
      cursor.next();
    }
    list.push(cursor.expression());
    skipTrimFrom(cursor, list);
  } while (cursor.acceptOp(","));
  return list;
}

/** TRIM('x' FROM y): read as trim(y, 'x'). */
function skipTrimFrom(cursor: Parser, list: Expression[]): void {
  if (!cursor.accept("FROM")) return;
  const removed = list.pop();
  list.push(cursor.expression());
  if (removed !== undefined) list.push(removed);
}

function parseWithinGroup(cursor: Parser): OrderItem[] {
  cursor.expectOp("(", 906);
  cursor.expect("ORDER", "BY");
  const order = cursor.orderItems();
  cursor.expectOp(")", 907);
  return order;
}

function parseWindow(cursor: Parser): Window {
  cursor.expectOp("(", 906);
  const partition = cursor.accept("PARTITION", "BY") ? cursor.list() : [];
  const order = cursor.accept("ORDER", "BY") ? cursor.orderItems() : [];
  const from = cursor.index;
  while (!cursor.isOp(")")) {
    if (!/^(word|number)$/.test(cursor.peek().kind)) throw failAt(cursor.peek().start, 907);
    cursor.next();
  }
  const frame = cursor.tokens.slice(from, cursor.index).map((token) => token.value);
  cursor.next();
  return { partition, order, ...(frame.length > 0 && { frame: frame.join(" ") }) };
}

export function parseCase(cursor: Parser): Expression {
  cursor.expect("CASE");
  const operand = cursor.isWord("WHEN") ? undefined : cursor.expression();
  const branches: { when: Expression; result: Expression }[] = [];
  while (cursor.accept("WHEN")) {
    const when = cursor.expression();
    if (!cursor.accept("THEN")) throw failAt(cursor.peek().start, 905);
    branches.push({ when, result: cursor.expression() });
  }
  const otherwise = cursor.accept("ELSE") ? cursor.expression() : undefined;
  if (branches.length === 0 || !cursor.accept("END")) throw failAt(cursor.peek().start, 905);
  return { kind: "case", branches, ...(operand && { operand }), ...(otherwise && { otherwise }) };
}

export function parseCast(cursor: Parser): Expression {
  cursor.expect("CAST");
  cursor.expectOp("(", 906);
  const operand = cursor.expression();
  if (!cursor.accept("AS")) throw failAt(cursor.peek().start, 905);
  const type = parseTypeName(cursor);
  cursor.expectOp(")", 907);
  return { kind: "cast", operand, type };
}

/** NUMBER(10,2), VARCHAR2(30 CHAR), TIMESTAMP(6) WITH TIME ZONE. */
export function parseTypeName(cursor: Parser): TypeName {
  let name = cursor.name(902).value;
  if (name === "LONG" && cursor.accept("RAW")) name = "RAW";
  if (name === "DOUBLE" && cursor.accept("PRECISION")) name = "FLOAT";
  const sizes: number[] = [];
  if (cursor.acceptOp("(")) {
    do {
      if (cursor.acceptOp("*")) sizes.push(38);
      else sizes.push(cursor.acceptOp("-") ? -cursor.integer() : cursor.integer());
      cursor.acceptOne("CHAR", "BYTE");
    } while (cursor.acceptOp(","));
    cursor.expectOp(")", 907);
  }
  if (cursor.accept("WITH", "TIME", "ZONE")) name += " WITH TIME ZONE";
  if (cursor.accept("WITH", "LOCAL", "TIME", "ZONE")) name += " WITH LOCAL TIME ZONE";
  return { name, sizes };
}

export function parseExtract(cursor: Parser): Expression {
  cursor.expect("EXTRACT");
  cursor.expectOp("(", 906);
  const field = cursor.name().value;
  if (!cursor.accept("FROM")) throw failAt(cursor.peek().start, 905);
  const operand = cursor.expression();
  cursor.expectOp(")", 907);
  return { kind: "extract", field, operand };
}
