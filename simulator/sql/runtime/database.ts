import { DatabaseSync, type StatementSync } from "node:sqlite";

import { OraError } from "../../engine/ora-error.ts";
import { fail } from "../errors.ts";
import { dateFunctions } from "./date-functions.ts";
import type { FunctionArgument, FunctionContext, SqlFunction } from "./function-context.ts";
import { numberFunctions } from "./number-functions.ts";
import type { Stored } from "./stored-value.ts";
import { textFunctions } from "./text-functions.ts";

const MOST_PREPARED = 500;

interface LoadedRows {
  readonly name: string;
  readonly columns: string;
  readonly insert: StatementSync;
  readonly empty: StatementSync;
}

/** SQLite in memory with Oracle's functions. Shared by all sessions: each use is one synchronous call. */
export class SqlDatabase {
  readonly #sqlite = new DatabaseSync(":memory:");
  #context: FunctionContext | undefined;
  #failure: unknown;
  /** Empty tables, with the statement that fills them, by their columns: making one costs more than filling it. */
  readonly #spare = new Map<string, LoadedRows[]>();
  readonly #inUse = new Map<string, LoadedRows>();
  readonly #prepared = new Map<string, StatementSync>();
  #tables = 0;

  constructor() {
    this.#sqlite.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    for (const [name, run] of Object.entries({ ...textFunctions, ...numberFunctions, ...dateFunctions }))
      this.#register(name, run);
  }

  #register(name: string, run: SqlFunction): void {
    this.#sqlite.function(name, { varargs: true, useBigIntArguments: true }, (...args) => {
      if (this.#context === undefined) throw fail(600);
      try {
        return run(this.#context, ...(args as FunctionArgument[]));
      } catch (failure) {
        this.#failure ??= failure;
        throw failure;
      }
    });
  }

  /** Fills a table and gives its name. */
  load(columns: readonly string[], rows: Iterable<readonly Stored[]>): string {
    const list = columns.map((column) => `"${column.replaceAll('"', '""')}"`);
    const table = this.#spare.get(list.join(", "))?.pop() ?? this.#create(list);
    this.#inUse.set(table.name, table);
    this.#sqlite.exec("BEGIN");
    try {
      for (const row of rows) table.insert.run(...row);
    } catch (error) {
      this.drop(table.name);
      throw error;
    } finally {
      this.#sqlite.exec("COMMIT");
    }
    return table.name;
  }

  #create(list: readonly string[]): LoadedRows {
    this.#tables += 1;
    const name = `m${this.#tables}`;
    const columns = list.join(", ");
    this.#sqlite.exec(`CREATE TABLE ${name} (${columns})`);
    const insert = this.#sqlite.prepare(`INSERT INTO ${name} VALUES (${list.map(() => "?").join(", ")})`);
    const empty = this.#sqlite.prepare(`DELETE FROM ${name}`);
    return { name, columns, insert, empty };
  }

  /** What was filled is empty again, and may be filled by the next. */
  drop(name: string): void {
    const table = this.#inUse.get(name);
    if (table === undefined) return;
    this.#inUse.delete(name);
    table.empty.run();
    this.#spare.set(table.columns, [...(this.#spare.get(table.columns) ?? []), table]);
  }

  /** All rows at once: what the tables held is gone afterwards. */
  query(sql: string, params: readonly Stored[], context: FunctionContext): unknown[][] {
    this.#context = context;
    this.#failure = undefined;
    try {
      // Names the last parameter, so that SQLite takes them all even where the query uses fewer.
      const text = params.length > 0 ? `WITH parameters AS (SELECT ?${params.length}) ${sql}` : sql;
      const statement = this.#prepared.get(text) ?? this.#prepare(text);
      return statement.all(...params) as unknown as unknown[][];
    } catch (problem) {
      throw this.#translated(problem);
    }
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#sqlite.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    if (this.#prepared.size >= MOST_PREPARED) this.#prepared.clear();
    this.#prepared.set(sql, statement);
    return statement;
  }

  #translated(problem: unknown): unknown {
    if (this.#failure instanceof OraError) return this.#failure;
    if (problem instanceof OraError) return problem;
    const message = problem instanceof Error ? problem.message : String(problem);
    return new OraError(600, `internal error code, arguments: [${message}], [], [], [], [], [], [], []`);
  }
}
