import { OraError } from "../../engine/ora-error.ts";
import type { Expression } from "../syntax/ast.ts";
import { parseTypeName } from "../syntax/call-parser.ts";
import type { Parser } from "../syntax/parser.ts";
import { namedType, text, type ResultType } from "../translate/types.ts";
import type { Block, Instruction, Target } from "./ast.ts";
import { undeclared, unexpectedSymbol } from "./errors.ts";
import { parseLoop } from "./loop-parser.ts";

/** [DECLARE …] BEGIN … END; from the first word on. */
export function parseBlock(cursor: Parser): Block {
  const declarations = cursor.accept("DECLARE") ? parseDeclarations(cursor) : [];
  expect(cursor, "BEGIN");
  const body = parseBody(cursor, ["END", "EXCEPTION"]);
  const handlers = cursor.accept("EXCEPTION") ? parseHandlers(cursor) : [];
  expect(cursor, "END");
  if (cursor.peek().kind === "word") cursor.next();
  semicolon(cursor);
  return { declarations, body, handlers };
}

function parseDeclarations(cursor: Parser): Block["declarations"][number][] {
  const list: Block["declarations"][number][] = [];
  while (!cursor.isWord("BEGIN")) {
    const { value: name, position } = cursor.name();
    cursor.accept("CONSTANT");
    const type = parseVariableType(cursor);
    cursor.accept("NOT", "NULL");
    const initial = cursor.acceptOp(":=") || cursor.accept("DEFAULT") ? cursor.expression() : undefined;
    semicolon(cursor);
    list.push({ name, type, initial, position });
  }
  return list;
}

function parseVariableType(cursor: Parser): ResultType {
  const at = cursor.peek().start;
  if (cursor.isOp(".", 1) || cursor.isOp("%", 1)) {
    while (!cursor.isOp("%")) cursor.next();
    cursor.next();
    cursor.next();
    return text(32_767);
  }
  const named = parseTypeName(cursor);
  if (named.name === "EXCEPTION") return { type: "VARCHAR2", size: 1, nullable: true };
  const type = named.name === "BOOLEAN" ? namedType("BOOLEAN") : namedType(named.name, named.sizes);
  if (type === undefined) throw undeclared(cursor.sql, at, named.name);
  return type;
}

function parseHandlers(cursor: Parser): Block["handlers"][number][] {
  const handlers: Block["handlers"][number][] = [];
  while (cursor.accept("WHEN")) {
    const names = [cursor.name().value];
    while (cursor.accept("OR")) names.push(cursor.name().value);
    expect(cursor, "THEN");
    handlers.push({ names, body: parseBody(cursor, ["WHEN", "END"]) });
  }
  return handlers;
}

/** Instructions up to one of the words. */
function parseBody(cursor: Parser, ends: readonly string[]): Instruction[] {
  const body: Instruction[] = [];
  while (!ends.some((word) => cursor.isWord(word))) {
    if (cursor.peek().kind === "end") throw unexpectedSymbol(cursor.sql, cursor.peek().start, "");
    body.push(parseInstruction(cursor));
  }
  return body;
}

function parseInstruction(cursor: Parser): Instruction {
  const position = cursor.peek().start;
  try {
    const instruction =
      parseSimple(cursor, position) ??
      parseControl(cursor, position) ??
      parseSql(cursor, position) ??
      parseNamed(cursor, position);
    return instruction;
  } catch (error) {
    if (error instanceof OraError && [900, 905, 936, 907].includes(error.code))
      throw unexpectedSymbol(cursor.sql, error.position, cursor.peek().value);
    throw error;
  }
}

function parseSimple(cursor: Parser, position: number): Instruction | undefined {
  for (const [word, kind] of [
    ["NULL", "null"],
    ["COMMIT", "commit"],
    ["ROLLBACK", "rollback"],
    ["RETURN", "return"],
  ] as const) {
    if (!cursor.accept(word)) continue;
    semicolon(cursor);
    return { kind, position };
  }
  if (!cursor.accept("RAISE")) return undefined;
  const name = cursor.peek().kind === "word" ? cursor.name().value : undefined;
  semicolon(cursor);
  return name === undefined ? { kind: "reraise", position } : { kind: "raise", name, position };
}

function parseControl(cursor: Parser, position: number): Instruction | undefined {
  if (cursor.isWord("BEGIN") || cursor.isWord("DECLARE"))
    return { kind: "block", block: parseBlock(cursor), position };
  if (cursor.accept("IF")) return parseIf(cursor, position);
  if (!cursor.accept("EXIT")) return parseLoop(cursor, position, parseBody);
  const condition = cursor.accept("WHEN") ? cursor.expression() : undefined;
  semicolon(cursor);
  return { kind: "exit", condition, position };
}

function parseIf(cursor: Parser, position: number): Instruction {
  const branches: { when: Expression; body: Instruction[] }[] = [];
  do {
    const when = cursor.expression();
    expect(cursor, "THEN");
    branches.push({ when, body: parseBody(cursor, ["ELSIF", "ELSE", "END"]) });
  } while (cursor.accept("ELSIF"));
  const otherwise = cursor.accept("ELSE") ? parseBody(cursor, ["END"]) : [];
  expect(cursor, "END", "IF");
  semicolon(cursor);
  return { kind: "if", branches, otherwise, position };
}

function parseSql(cursor: Parser, position: number): Instruction | undefined {
  if (cursor.isWord("SELECT") || cursor.isWord("WITH")) return parseSelectInto(cursor, position);
  if (["INSERT", "UPDATE", "DELETE"].some((word) => cursor.isWord(word))) {
    while (!cursor.isOp(";")) {
      if (cursor.next().kind === "end") throw unexpectedSymbol(cursor.sql, cursor.peek().start, "");
    }
    const sql = cursor.sql.slice(position, cursor.peek().start);
    semicolon(cursor);
    return { kind: "dml", sql, position };
  }
  if (cursor.accept("OPEN")) {
    const target = parseTarget(cursor);
    expect(cursor, "FOR");
    const query = cursor.startsQuery() ? cursor.query() : cursor.expression();
    semicolon(cursor);
    return { kind: "open", target, query, position };
  }
  return cursor.accept("EXECUTE", "IMMEDIATE") ? parseExecute(cursor, position) : undefined;
}

function parseSelectInto(cursor: Parser, position: number): Instruction {
  cursor.intoAllowed = true;
  cursor.into = undefined;
  const query = cursor.query();
  cursor.intoAllowed = false;
  semicolon(cursor);
  const into = (cursor.into as readonly Expression[] | undefined)?.map((target) =>
    asTarget(cursor, target, position),
  );
  if (into === undefined) throw unexpectedSymbol(cursor.sql, position, "SELECT");
  return { kind: "select", query, into, position };
}

function parseExecute(cursor: Parser, position: number): Instruction {
  const sql = cursor.expression();
  const into = cursor.accept("INTO") ? cursor.list().map((target) => asTarget(cursor, target, position)) : [];
  const using = cursor.accept("USING") ? parseUsing(cursor) : [];
  semicolon(cursor);
  return { kind: "execute", sql, into, using, position };
}

function parseUsing(cursor: Parser): Expression[] {
  const list: Expression[] = [];
  do {
    cursor.accept("IN");
    list.push(cursor.expression());
  } while (cursor.acceptOp(","));
  return list;
}

/** An assignment or a call of a procedure. */
function parseNamed(cursor: Parser, position: number): Instruction {
  const expression = cursor.expression();
  if (cursor.acceptOp(":=")) {
    const value = cursor.expression();
    semicolon(cursor);
    return { kind: "assign", target: asTarget(cursor, expression, position), value, position };
  }
  semicolon(cursor);
  if (expression.kind === "call")
    return { kind: "call", name: expression.parts.join("."), args: expression.arguments, position };
  if (expression.kind === "name")
    return { kind: "call", name: expression.parts.join("."), args: [], position };
  throw unexpectedSymbol(cursor.sql, position, cursor.peek().value);
}

function parseTarget(cursor: Parser): Target {
  const at = cursor.peek().start;
  return asTarget(cursor, cursor.expression(), at);
}

function asTarget(cursor: Parser, expression: Expression, position: number): Target {
  if (expression.kind === "name" || expression.kind === "bind") return expression;
  throw unexpectedSymbol(cursor.sql, position, ":=");
}

function expect(cursor: Parser, ...words: readonly string[]): void {
  if (!cursor.accept(...words)) throw unexpectedSymbol(cursor.sql, cursor.peek().start, cursor.peek().value);
}

function semicolon(cursor: Parser): void {
  if (!cursor.acceptOp(";")) throw unexpectedSymbol(cursor.sql, cursor.peek().start, cursor.peek().value);
}
