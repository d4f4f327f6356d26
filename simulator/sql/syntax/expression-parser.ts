import { failAt } from "../errors.ts";
import type { BinaryOperator, Expression, Query } from "./ast.ts";
import { parseCall, parseCase, parseCast, parseExtract } from "./call-parser.ts";
import { isReserved } from "./reserved.ts";
import type { Parser } from "./parser.ts";

const MISSING_EXPRESSION = 936;
const MISSING_PARENTHESIS = 907;

/** A condition or a value: Oracle's precedence, from OR down to a literal. */
export function parseExpression(cursor: Parser): Expression {
  return leftAssociative(cursor, parseConjunction, () => (cursor.accept("OR") ? "OR" : undefined));
}

function parseConjunction(cursor: Parser): Expression {
  return leftAssociative(cursor, parseNegation, () => (cursor.accept("AND") ? "AND" : undefined));
}

function parseNegation(cursor: Parser): Expression {
  if (cursor.accept("NOT")) return { kind: "not", operand: parseNegation(cursor) };
  if (cursor.isWord("EXISTS") && cursor.isOp("(", 1)) {
    cursor.next();
    return { kind: "exists", query: cursor.parenthesisedQuery() };
  }
  return parsePredicate(cursor);
}

function parsePredicate(cursor: Parser): Expression {
  let left = parseSum(cursor);
  for (;;) {
    const next = parseComparison(cursor, left) ?? parseTest(cursor, left);
    if (next === undefined) return left;
    left = next;
  }
}

function parseComparison(cursor: Parser, left: Expression): Expression | undefined {
  const operator = ["=", "<>", "<=", ">=", "<", ">"].find((candidate) => cursor.acceptOp(candidate));
  if (operator === undefined) return undefined;
  const quantifier = cursor.acceptOne("ANY", "SOME", "ALL");
  const right = parseSum(cursor);
  if (quantifier === undefined) return { kind: "compare", operator, left, right };
  return { kind: "compare", operator, left, right, quantifier: quantifier === "ALL" ? "ALL" : "ANY" };
}

function parseTest(cursor: Parser, operand: Expression): Expression | undefined {
  if (cursor.accept("IS")) {
    const negated = cursor.accept("NOT");
    if (!cursor.accept("NULL")) throw failAt(cursor.peek().start, 908);
    return { kind: "is-null", operand, negated };
  }
  const negated =
    cursor.isWord("NOT") && ["IN", "LIKE", "BETWEEN"].includes(cursor.peek(1).value) && cursor.accept("NOT");
  if (cursor.accept("IN")) return { kind: "in", operand, list: parseInList(cursor), negated };
  if (cursor.accept("BETWEEN")) {
    const low = parseSum(cursor);
    if (!cursor.accept("AND")) throw failAt(cursor.peek().start, 905);
    return { kind: "between", operand, low, high: parseSum(cursor), negated };
  }
  if (!cursor.accept("LIKE")) return undefined;
  const pattern = parseSum(cursor);
  return cursor.accept("ESCAPE")
    ? { kind: "like", operand, pattern, escape: parseSum(cursor), negated }
    : { kind: "like", operand, pattern, negated };
}

function parseInList(cursor: Parser): readonly Expression[] | Query {
  if (!cursor.isOp("(")) return [parseSum(cursor)];
  if (startsQuery(cursor, 1)) return cursor.parenthesisedQuery();
  cursor.next();
  const list = cursor.list();
  cursor.expectOp(")", MISSING_PARENTHESIS);
  return list;
}

function parseSum(cursor: Parser): Expression {
  return leftAssociative(cursor, parseProduct, () => acceptOperator(cursor, ["+", "-", "||"]));
}

function parseProduct(cursor: Parser): Expression {
  return leftAssociative(cursor, parseSigned, () => acceptOperator(cursor, ["*", "/"]));
}

function acceptOperator(cursor: Parser, operators: readonly BinaryOperator[]): BinaryOperator | undefined {
  return operators.find((operator) => cursor.acceptOp(operator));
}

function leftAssociative(
  cursor: Parser,
  operand: (cursor: Parser) => Expression,
  operator: () => BinaryOperator | undefined,
): Expression {
  let left = operand(cursor);
  for (;;) {
    const found = operator();
    if (found === undefined) return left;
    left = { kind: "binary", operator: found, left, right: operand(cursor) };
  }
}

function parseSigned(cursor: Parser): Expression {
  if (cursor.acceptOp("-")) return { kind: "negate", operand: parseSigned(cursor) };
  if (cursor.acceptOp("+")) return parseSigned(cursor);
  let operand = parsePrimary(cursor);
  while (cursor.isWord("AT", "TIME", "ZONE") || cursor.isWord("AT", "LOCAL")) {
    cursor.next();
    operand = { kind: "zone", operand, zone: cursor.accept("LOCAL") ? "LOCAL" : parseZone(cursor) };
  }
  return operand;
}

function parseZone(cursor: Parser): Expression {
  cursor.accept("TIME", "ZONE");
  return parsePrimary(cursor);
}

function parsePrimary(cursor: Parser): Expression {
  const token = cursor.peek();
  if (token.kind === "string" || token.kind === "number") {
    cursor.next();
    return { kind: token.kind === "string" ? "text" : "number", value: token.value };
  }
  if (token.kind === "bind") return parseBind(cursor);
  if (token.kind === "quoted") return parseName(cursor);
  if (token.kind === "word") return parseWord(cursor);
  if (cursor.isOp("(")) return parseParenthesis(cursor);
  throw failAt(token.start, MISSING_EXPRESSION);
}

function parseBind(cursor: Parser): Expression {
  const token = cursor.next();
  const before = cursor.tokens.slice(0, cursor.index - 1);
  return {
    kind: "bind",
    name: token.value,
    occurrence: before.filter((earlier) => earlier.kind === "bind").length,
    position: token.start,
  };
}

function parseWord(cursor: Parser): Expression {
  const token = cursor.peek();
  const next = cursor.peek(1);
  if (cursor.accept("NULL")) return { kind: "null" };
  if (cursor.isWord("CASE")) return parseCase(cursor);
  if ((token.value === "DATE" || token.value === "TIMESTAMP") && next.kind === "string") {
    cursor.next();
    return { kind: "moment", type: token.value, value: cursor.string(), position: token.start };
  }
  if (token.value === "INTERVAL" && next.kind === "string") {
    cursor.next();
    return { kind: "interval", value: cursor.string(), unit: parseUnit(cursor) };
  }
  if (token.value === "CAST" && cursor.isOp("(", 1)) return parseCast(cursor);
  if (token.value === "EXTRACT" && cursor.isOp("(", 1)) return parseExtract(cursor);
  if (isReserved(token.value)) throw failAt(token.start, MISSING_EXPRESSION);
  return parseName(cursor);
}

function parseUnit(cursor: Parser): string {
  const unit = cursor.name(905).value;
  if (cursor.acceptOp("(")) {
    cursor.integer();
    cursor.expectOp(")");
  }
  return unit;
}

/** `a`, `a.b`, `a.b.c`, `"x"`, or a call of that. */
function parseName(cursor: Parser): Expression {
  const { value, position } = cursor.name();
  const parts = [value];
  while (cursor.isOp(".") && !cursor.isOp("*", 1)) {
    cursor.next();
    parts.push(cursor.name(1747).value);
  }
  if (value === "SQL" && cursor.acceptOp("%"))
    return { kind: "name", parts: [`SQL%${cursor.name().value}`], position };
  if (!cursor.isOp("(")) return { kind: "name", parts, position };
  if (cursor.isOp("+", 1) && cursor.isOp(")", 2)) throw failAt(cursor.peek().start, 3001);
  return parseCall(cursor, parts, position);
}

function parseParenthesis(cursor: Parser): Expression {
  if (startsQuery(cursor, 1)) return { kind: "subquery", query: cursor.parenthesisedQuery() };
  cursor.next();
  const items = cursor.list();
  cursor.expectOp(")", MISSING_PARENTHESIS);
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: "row", items };
}

/** True where the tokens from `ahead` on begin a query, also behind further parentheses. */
export function startsQuery(cursor: Parser, ahead: number): boolean {
  let at = ahead;
  while (cursor.isOp("(", at)) at += 1;
  const token = cursor.peek(at);
  return token.kind === "word" && (token.value === "SELECT" || token.value === "WITH");
}
