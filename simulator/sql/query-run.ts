import type { Column, SqlValue } from "../engine/values.ts";
import { typeOfValue, type BindValues } from "./binds.ts";
import { loadTable } from "./dictionary/load.ts";
import { userEnvironment } from "./dictionary/user-environment.ts";
import type { ViewWorld } from "./dictionary/view.ts";
import { fail } from "./errors.ts";
import type { FunctionContext } from "./runtime/function-context.ts";
import { decodeMoment, instantOf } from "./runtime/moment.ts";
import { fromStored, storedNumber, toStored, type Stored } from "./runtime/stored-value.ts";
import type { Expression, Query, TableReference } from "./syntax/ast.ts";
import type { LoadedTable, ScopeColumn, TranslationEnvironment } from "./translate/context.ts";
import { emptyScope, Translator } from "./translate/translator.ts";
import { toColumn, type ResultType, type Typed } from "./translate/types.ts";

export interface Variable {
  readonly type: ResultType;
  readonly value: SqlValue;
}

export interface RunOptions {
  readonly binds: BindValues;
  /** PL/SQL variables, by upper-case name. */
  readonly variables?: (name: string) => Variable | undefined;
  readonly describeOnly?: boolean;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Runs a parsed query for a session: translate, load what it names, ask SQLite, drop what was loaded. */
export function runQuery(world: ViewWorld, query: Query, options: RunOptions): QueryResult {
  const run = new QueryRun(world, options);
  try {
    const translated = new Translator(run).query(query, undefined);
    const columns = translated.columns.map((column) => toColumn(column.name, column.type));
    return {
      columns,
      rows: options.describeOnly === true ? [] : run.rows(translated.sql, translated.columns),
    };
  } finally {
    run.dispose();
  }
}

/** The value of one expression: PL/SQL's assignments and conditions. */
export function evaluate(world: ViewWorld, expression: Expression, options: RunOptions): Variable {
  const run = new QueryRun(world, options);
  try {
    const typed = new Translator(run).expression(expression, emptyScope);
    const [row] = run.rows(`SELECT ${typed.sql}`, [{ name: "V", type: typed.type }]);
    return { type: typed.type, value: row?.[0] ?? null };
  } finally {
    run.dispose();
  }
}

class QueryRun implements TranslationEnvironment {
  readonly #world: ViewWorld;
  readonly #options: RunOptions;
  readonly #context: FunctionContext;
  readonly #params: Stored[] = [];
  readonly #loaded = new Map<string, LoadedTable>();

  constructor(world: ViewWorld, options: RunOptions) {
    this.#world = world;
    this.#options = options;
    this.#context = functionContext(world);
  }

  table(
    reference: TableReference,
    asOf: { unit: "SCN" | "TIMESTAMP"; value: Typed } | undefined,
  ): LoadedTable {
    const scn = asOf && this.#scnOf(asOf);
    const key = `${reference.parts.join(".")}@${scn ?? ""}`;
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const table = loadTable(this.#world, reference.parts, reference.position, {
      empty: this.#options.describeOnly === true,
      ...(scn !== undefined && { scn }),
    });
    this.#loaded.set(key, table);
    return table;
  }

  #scnOf(asOf: { unit: "SCN" | "TIMESTAMP"; value: Typed }): bigint {
    const { instance } = this.#world.core;
    if (this.#options.describeOnly === true) return instance.currentScn();
    const [row] = this.#world.core.database.query(`SELECT ${asOf.value.sql}`, this.#params, this.#context);
    const value = row?.[0];
    if (asOf.unit === "TIMESTAMP") {
      const moment = typeof value === "string" ? decodeMoment(value) : undefined;
      if (moment === undefined) throw fail(8186);
      const at = instantOf(moment, this.#world.core.zoneMinutes);
      if (at > instance.now()) throw fail(8180);
      return instance.scnAt(at);
    }
    const scn = BigInt(storedNumber(value as bigint | string));
    if (scn < 1n || scn > instance.currentScn()) throw fail(8181);
    return scn;
  }

  bind(expression: Extract<Expression, { kind: "bind" }>): Typed {
    if (this.#options.describeOnly === true) return { sql: "NULL", type: typeOfValue(null) };
    return this.#parameter(this.#options.binds.value(expression.occurrence));
  }

  variable(name: string): Typed | undefined {
    const variable = this.#options.variables?.(name);
    return variable && this.#parameter(variable.value, variable.type);
  }

  #parameter(value: SqlValue, type: ResultType = typeOfValue(value)): Typed {
    this.#params.push(toStored(value, type.type === "INTERVAL" ? "NUMBER" : type.type));
    return { sql: `?${this.#params.length}`, type };
  }

  rows(sql: string, columns: readonly ScopeColumn[]): SqlValue[][] {
    const types = columns.map((column) => (column.type.type === "INTERVAL" ? "NUMBER" : column.type.type));
    return this.#world.core.database
      .query(sql, this.#params, this.#context)
      .map((row) => types.map((type, index) => fromStored(row[index], type)));
  }

  dispose(): void {
    for (const table of this.#loaded.values()) this.#world.core.database.drop(table.sql);
  }
}

function functionContext(world: ViewWorld): FunctionContext {
  const { core, session } = world;
  return {
    now: core.instance.now(),
    zoneMinutes: core.zoneMinutes,
    nls: session.nls,
    userId: session.userId,
    currentScn: () => core.instance.currentScn(),
    scnAt: (time) => core.instance.scnAt(time),
    sysContext: (namespace, name) => (namespace === "USERENV" ? userEnvironment(world, name) : null),
  };
}
