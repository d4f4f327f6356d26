import type { ViewWorld } from "../dictionary/view.ts";
import type { Parser } from "../syntax/parser.ts";

/** What a statement works with: the instance behind `world.core`, its session, and the signal that ends long calls. */
export interface StatementWorld extends ViewWorld {
  readonly signal: AbortSignal;
  /** Ends the open transaction with COMMIT, as DDL does. */
  commit(): Promise<void>;
}

/** A family of statements that begin with the same words. */
export interface Statement {
  readonly starts: readonly string[];
  /** Commits open work before it runs. ALTER SESSION does not. */
  readonly ddl: boolean;
  /** Reads the rest of the statement (the cursor is behind `starts`) and runs it. Nothing has effect before all is read. */
  run(cursor: Parser, world: StatementWorld): Promise<void>;
}
