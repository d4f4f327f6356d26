import type { Parser } from "../syntax/parser.ts";
import type { Instruction } from "./ast.ts";
import { unexpectedSymbol } from "./errors.ts";

type BodyParser = (cursor: Parser, ends: readonly string[]) => Instruction[];

/** LOOP, WHILE … LOOP, FOR i IN [REVERSE] a..b LOOP, FOR r IN (query) LOOP. */
export function parseLoop(cursor: Parser, position: number, parseBody: BodyParser): Instruction | undefined {
  const word = cursor.acceptOne("LOOP", "WHILE", "FOR");
  if (word === undefined) return undefined;
  if (word === "LOOP")
    return { kind: "loop", condition: undefined, body: loopBody(cursor, parseBody), position };
  if (word === "FOR") return parseFor(cursor, position, parseBody);
  const condition = cursor.expression();
  expectLoop(cursor);
  return { kind: "loop", condition, body: loopBody(cursor, parseBody), position };
}

function parseFor(cursor: Parser, position: number, parseBody: BodyParser): Instruction {
  const name = cursor.name().value;
  cursor.expect("IN");
  if (cursor.isOp("(") && cursor.startsQuery(1)) {
    const query = cursor.parenthesisedQuery();
    expectLoop(cursor);
    return { kind: "rows", name, query, body: loopBody(cursor, parseBody), position };
  }
  const reverse = cursor.accept("REVERSE");
  const from = cursor.expression();
  cursor.expectOp("..");
  const to = cursor.expression();
  expectLoop(cursor);
  return { kind: "range", name, from, to, reverse, body: loopBody(cursor, parseBody), position };
}

function expectLoop(cursor: Parser): void {
  if (!cursor.accept("LOOP")) throw unexpectedSymbol(cursor.sql, cursor.peek().start, cursor.peek().value);
}

function loopBody(cursor: Parser, parseBody: BodyParser): Instruction[] {
  const body = parseBody(cursor, ["END"]);
  if (!cursor.accept("END", "LOOP") || !cursor.acceptOp(";"))
    throw unexpectedSymbol(cursor.sql, cursor.peek().start, cursor.peek().value);
  return body;
}
