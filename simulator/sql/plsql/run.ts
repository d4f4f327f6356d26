import type { Bind, ExecuteResult } from "../../engine/engine.ts";
import type { StatementWorld } from "../statements/statement.ts";
import type { Parser } from "../syntax/parser.ts";
import { BlockBinds } from "./block-binds.ts";
import { parseBlock } from "./block-parser.ts";
import { Interpreter } from "./interpreter.ts";
import { located, unexpectedSymbol } from "./errors.ts";

/** Sends a statement through the session, as EXECUTE IMMEDIATE does. */
export type ExecuteSql = (sql: string, binds: readonly Bind[]) => Promise<ExecuteResult>;

/** An anonymous block, or CALL. */
export async function runBlock(
  world: StatementWorld,
  cursor: Parser,
  binds: readonly Bind[],
  execute: ExecuteSql,
): Promise<ExecuteResult> {
  const values = new BlockBinds(cursor.tokens, binds);
  const interpreter = new Interpreter(world, cursor.sql, values, execute);
  if (cursor.accept("CALL")) await runCall(interpreter, cursor);
  else {
    const block = parseBlock(cursor);
    if (cursor.peek().kind !== "end")
      throw unexpectedSymbol(cursor.sql, cursor.peek().start, cursor.peek().value);
    await interpreter.run(block);
  }
  return { kind: "plsql", out: values.out() };
}

async function runCall(interpreter: Interpreter, cursor: Parser): Promise<void> {
  const position = cursor.peek().start;
  const expression = cursor.expression();
  cursor.end(933);
  if (expression.kind !== "call" && expression.kind !== "name")
    throw unexpectedSymbol(cursor.sql, position, cursor.peek().value);
  try {
    await interpreter.call(
      expression.parts.join("."),
      expression.kind === "call" ? expression.arguments : [],
      position,
    );
  } catch (error) {
    throw located(error, cursor.sql, position);
  }
}
