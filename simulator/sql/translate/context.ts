import type { Expression, Query, TableReference } from "../syntax/ast.ts";
import type { ResultType, Typed } from "./types.ts";

export interface ScopeColumn {
  readonly name: string;
  readonly type: ResultType;
  /** Reachable by name, left out of `*`: ROWID. */
  readonly hidden?: boolean;
}

/** A row source in FROM; `sql` is its alias in the SQLite text. */
export interface Source {
  readonly sql: string;
  readonly alias: string;
  readonly owner?: string;
  readonly columns: readonly ScopeColumn[];
}

/** What names mean inside one query block. */
export interface Scope {
  readonly sources: readonly Source[];
  readonly parent?: Scope;
  readonly named: ReadonlyMap<string, TranslatedQuery>;
  /** SQL for LEVEL and ROWNUM where the block has them. */
  readonly pseudo: Readonly<Record<string, string>>;
  /** Translated GROUP BY expressions; set while a grouped block's list is translated. */
  readonly grouped?: { readonly keys: ReadonlySet<string>; readonly code: 937 | 979 };
}

export interface TranslatedQuery {
  readonly sql: string;
  readonly columns: readonly ScopeColumn[];
}

/** A table or view of the dictionary, loaded into SQLite under the name `sql`. */
export interface LoadedTable {
  readonly sql: string;
  readonly owner: string;
  readonly name: string;
  readonly columns: readonly ScopeColumn[];
}

/** What a translation asks of the world around it. */
export interface TranslationEnvironment {
  /** Throws ORA-00942 and the like. `scn` is undefined for the present. */
  table(
    reference: TableReference,
    asOf: { readonly unit: "SCN" | "TIMESTAMP"; readonly value: Typed } | undefined,
  ): LoadedTable;
  /** SQL of the bind (`?3`) with its type. */
  bind(expression: Extract<Expression, { kind: "bind" }>): Typed;
  /** A PL/SQL variable of that name. */
  variable(name: string): Typed | undefined;
}

/** The translator as its parts see it: expressions hold queries and queries hold expressions. */
export interface Translation {
  readonly environment: TranslationEnvironment;
  expression(expression: Expression, scope: Scope): Typed;
  query(query: Query, outer: Scope | undefined): TranslatedQuery;
  nextAlias(): string;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
