import { type FilePath } from "../domain/names.ts";
import { parseScn, type Scn } from "../domain/scn.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { BindValue, CallOptions, Database, Row } from "../ports/database.ts";
import { type StatementName, statements } from "./statements.ts";

/**
 * Runs a statement of sql/ and decodes its rows, so that nothing behind here doubts a type.
 * Errors: those of `Database`; UMB-5206 names the statement and the column that is not as expected.
 */
export async function readRows<T>(
  db: Database,
  name: StatementName,
  options: CallOptions,
  decode: (row: RowReader) => T,
  binds: Readonly<Record<string, BindValue>> = {},
): Promise<T[]> {
  const rows = await db.query(statements[name].text, binds, options);
  return rows.map((row) => decode(new RowReader(name, row)));
}

/** The row of a statement that has exactly one. */
export async function readRow<T>(
  db: Database,
  name: StatementName,
  options: CallOptions,
  decode: (row: RowReader) => T,
): Promise<T> {
  const rows = await readRows(db, name, options, decode);
  const row = rows[0];
  if (row !== undefined && rows.length === 1) return row;
  throw unexpected(name, "(all)", "one row", `${rows.length} rows`);
}

/** Columns of one row by type; a missing or wrong one is UMB-5206. */
export class RowReader {
  readonly #statement: StatementName;
  readonly #row: Row;

  constructor(statement: StatementName, row: Row) {
    this.#statement = statement;
    this.#row = row;
  }

  /** Numbers as their digits. NULL is an error; Oracle has no empty text. */
  text(column: string): string {
    return this.optionalText(column) ?? this.fail(column, "text");
  }

  optionalText(column: string): string | undefined {
    const value = this.#row[column];
    if (value === undefined) return this.fail(column, "a column");
    return value === null || value === "" ? undefined : String(value);
  }

  /** A whole number that JavaScript holds exactly. */
  number(column: string): number {
    const value = Number(this.text(column));
    return Number.isSafeInteger(value) ? value : this.fail(column, "a whole number");
  }

  scn(column: string): Scn {
    return this.optionalScn(column) ?? this.fail(column, "an SCN");
  }

  optionalScn(column: string): Scn | undefined {
    const text = this.optionalText(column);
    return text === undefined ? undefined : (parseScn(text) ?? this.fail(column, "an SCN"));
  }

  /** YES and NO; everything else, NULL too, is an error. */
  yesNo(column: string): boolean {
    const text = this.optionalText(column);
    return text === "YES" || (text === "NO" ? false : this.fail(column, "YES or NO"));
  }

  /** As it came: no trimming, no resolving. */
  path(column: string): FilePath {
    return this.text(column) as FilePath;
  }

  /** Throws UMB-5206 for this column. */
  fail(column: string, wanted: string): never {
    throw unexpected(this.#statement, column, wanted, String(this.#row[column] ?? "nothing"));
  }
}

function unexpected(statement: StatementName, column: string, wanted: string, seen: string): UmbraError {
  const message = `${column} of sql/${statement}.sql is ${seen}, not ${wanted}`;
  return new UmbraError("UMB-5206", { ora: null, message, lost: false, statement, column });
}

/** Leaves out what is undefined, as the facts do. */
export function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
