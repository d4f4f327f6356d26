import type { Bind, ExecuteResult } from "../../engine/engine.ts";
import { failAt } from "../errors.ts";
import type { StatementWorld } from "../statements/statement.ts";
import type { Parser } from "../syntax/parser.ts";

export function runBlock(
  _world: StatementWorld,
  cursor: Parser,
  _binds: readonly Bind[],
): Promise<ExecuteResult> {
  throw failAt(cursor.peek().start, 3001);
}
