import type { Column, SqlValue } from "../engine/values.ts";
import type { BindShape } from "./bind.ts";
import type { KnownCursor } from "./execute-request.ts";
import { statementKind } from "./statement-kind.ts";

/** A statement that the client can name, and the rows it has not fetched yet. */
export class Cursor implements KnownCursor {
  readonly id: number;
  readonly sql: string;
  readonly isPlsql: boolean;
  readonly isQuery: boolean;
  binds: readonly BindShape[] = [];
  outOnly: readonly boolean[] = [];
  defines: readonly BindShape[] | undefined;
  columns: readonly Column[] | undefined;
  /** Rows handed out since the last execution. */
  fetched = 0;
  exhausted = false;
  #rows: Iterator<readonly SqlValue[]> | undefined;
  #ahead: readonly SqlValue[] | undefined;

  constructor(id: number, sql: string, isQuery = statementKind(sql) === "query") {
    this.id = id;
    this.sql = sql;
    this.isQuery = isQuery;
    this.isPlsql = statementKind(sql) === "plsql";
  }

  /** Begins a result set. */
  open(columns: readonly Column[], rows: Iterable<readonly SqlValue[]>): void {
    this.close();
    this.columns = columns;
    this.#rows = rows[Symbol.iterator]();
    this.exhausted = false;
    this.fetched = 0;
  }

  /** The next row; undefined (and `exhausted`) behind the last one. Throws what the engine throws. */
  next(): readonly SqlValue[] | undefined {
    const ahead = this.#ahead;
    if (ahead !== undefined) {
      this.#ahead = undefined;
      return ahead;
    }
    if (this.exhausted || this.#rows === undefined) return undefined;
    const step = this.#rows.next();
    if (step.done !== true) return step.value;
    this.exhausted = true;
    return undefined;
  }

  /** Looks whether a row is left, so that the last full batch can say that it is the last. */
  lookAhead(): void {
    this.#ahead = this.next();
  }

  close(): void {
    if (!this.exhausted) this.#rows?.return?.();
    this.#rows = undefined;
    this.#ahead = undefined;
  }
}

/** Cursor ids are 16 bits wide on the wire. */
const LARGEST_ID = 65_535;

/** The open cursors of one session. */
export class Cursors {
  readonly #open = new Map<number, Cursor>();
  #last = 0;

  get count(): number {
    return this.#open.size;
  }

  get(id: number): Cursor | undefined {
    return this.#open.get(id);
  }

  add(sql: string, isQuery?: boolean): Cursor {
    do this.#last = (this.#last % LARGEST_ID) + 1;
    while (this.#open.has(this.#last));
    const cursor = new Cursor(this.#last, sql, isQuery);
    this.#open.set(cursor.id, cursor);
    return cursor;
  }

  close(id: number): void {
    this.#open.get(id)?.close();
    this.#open.delete(id);
  }

  closeAll(): void {
    for (const id of this.#open.keys()) this.close(id);
  }
}
