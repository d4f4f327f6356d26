import type { Bind, EngineSession, ExecuteResult, OutBind } from "../engine/engine.ts";
import { OraError } from "../engine/ora-error.ts";
import type { CursorValue, LobValue, SqlValue } from "../engine/values.ts";
import type { BindShape, BoundValue } from "./bind.ts";
import { Cursors } from "./cursors.ts";
import type { Cursor } from "./cursors.ts";
import type { ExecuteRequest, ReexecuteRequest } from "./execute-request.ts";
import { Lobs } from "./lobs.ts";
import {
  NO_DATA_FOUND,
  writeDescribe,
  writeDescribeBody,
  writeDirections,
  writeOutcome,
  writeParameters,
} from "./response.ts";
import type { BatchError, BindDirection, Outcome, ResponseContext } from "./response.ts";
import { writeRows } from "./rows.ts";
import { returningBinds, sqlType } from "./statement-kind.ts";
import { writeValue } from "./value.ts";
import { isLob, wire, wireTypes } from "./wire-types.ts";
import type { TtcWriter } from "./writer.ts";

export interface StatementOptions {
  readonly longestString: number;
  /** Leave away column values that repeat. */
  readonly compress: boolean;
}

/** One call as it is being answered. */
export interface CallScope {
  readonly writer: TtcWriter;
  readonly signal: AbortSignal;
  /** Read again whenever something is written: the transaction may have ended meanwhile. */
  context(): ResponseContext;
  /** The connection is to be lost after this row of the result. */
  readonly stopAt?: number | undefined;
}

/** Whether the answer is whole, or stopped at the row where the connection is to be lost. */
export type Answered = "whole" | "stopped";

/** System change number that answers tell; nobody reads it. */
const ANY_SCN = 1_844_675;
const ARRAY_DML_ERRORS = 24_381;
const ROW = 7;

interface Execution {
  readonly rows: readonly (readonly BoundValue[])[];
  readonly iterations: number;
  readonly fetch: number | undefined;
  readonly commit: boolean;
  readonly batchErrors: boolean;
  readonly rowCounts: boolean;
  /** Sent with its text or with its binds described, not only by its cursor id. */
  readonly full: boolean;
}

/** Runs and fetches for one session: its cursors, its LOBs, its answers. */
export class Statements {
  readonly cursors = new Cursors();
  readonly lobs = new Lobs();
  readonly #session: EngineSession;
  readonly #options: StatementOptions;
  /** Cursor of the call that runs, told to the client when it fails. */
  current = 0;
  /** A schema that the client set and that no answer has confirmed yet. */
  schemaToConfirm: string | undefined;

  constructor(session: EngineSession, options: StatementOptions) {
    this.#session = session;
    this.#options = options;
  }

  async execute(request: ExecuteRequest, scope: CallScope): Promise<Answered> {
    const cursor = this.#cursorOf(request);
    // The engine has no values to return from DML.
    if (returningBinds(request.sql) > 0) throw unsupported();
    if (request.binds !== undefined) {
      cursor.binds = request.binds;
      cursor.outOnly = [];
    }
    if (request.defines !== undefined) cursor.defines = request.defines;
    if (request.describeOnly) return this.#describe(cursor, scope);
    if (request.execute) {
      const fetch = request.fetch ? request.prefetch : undefined;
      return this.#run(cursor, { ...request, fetch, full: true }, scope);
    }
    if (request.fetch) return this.#fetch(cursor, request.prefetch, scope, true);
    return this.#finish(scope, cursor, {});
  }

  async reexecute(request: ReexecuteRequest, scope: CallScope): Promise<Answered> {
    const cursor = this.#known(request.cursor);
    const fetch = request.fetch ? request.prefetch : undefined;
    const execution = { ...request, fetch, batchErrors: false, rowCounts: false, full: false };
    return this.#run(cursor, execution, scope);
  }

  fetch(id: number, rows: number, scope: CallScope): Answered {
    return this.#fetch(this.#known(id), rows, scope, false);
  }

  close(): void {
    this.cursors.closeAll();
  }

  #cursorOf(request: ExecuteRequest): Cursor {
    if (request.cursor !== 0 && request.sql === "") return this.#known(request.cursor);
    if (request.cursor !== 0) this.cursors.close(request.cursor);
    const cursor = this.cursors.add(request.sql);
    this.current = cursor.id;
    return cursor;
  }

  #known(id: number): Cursor {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) throw new OraError(1001, "invalid cursor");
    this.current = id;
    return cursor;
  }

  async #describe(cursor: Cursor, scope: CallScope): Promise<Answered> {
    const result = await this.#session.execute(cursor.sql, [], { signal: scope.signal, describeOnly: true });
    if (result.kind === "query") writeDescribe(scope.writer, scope.context(), result.columns);
    this.#parameters(scope);
    return this.#finish(scope, cursor, {});
  }

  async #run(cursor: Cursor, execution: Execution, scope: CallScope): Promise<Answered> {
    const done = await this.#executeAll(cursor, execution, scope.signal);
    if (execution.commit && done.errors.length === 0) await this.#session.commit();
    const last = done.results.at(-1);
    if (last?.kind === "query") return this.#answerQuery(cursor, last, execution, scope);
    if (cursor.binds.length > 0) this.#answerBinds(cursor, done.results, execution.full, scope);
    const rowCounts = done.results.map((result) => (result.kind === "dml" ? result.rowsAffected : 0));
    this.#parameters(scope, execution.rowCounts ? rowCounts : undefined);
    const rows = rowCounts.reduce((sum, count) => sum + count, 0);
    const rowId = last?.kind === "dml" ? last.rowId : undefined;
    if (done.errors.length === 0) return this.#finish(scope, cursor, { rows, rowId }, last);
    const text = "ORA-24381: error(s) in array DML";
    return this.#finish(
      scope,
      cursor,
      { rows, code: ARRAY_DML_ERRORS, text, batchErrors: done.errors },
      last,
    );
  }

  async #executeAll(
    cursor: Cursor,
    execution: Execution,
    signal: AbortSignal,
  ): Promise<{ readonly results: readonly ExecuteResult[]; readonly errors: readonly BatchError[] }> {
    const results: ExecuteResult[] = [];
    const errors: BatchError[] = [];
    for (let i = 0; i < execution.iterations; i += 1) {
      const binds = (execution.rows[i] ?? []).map((value) => this.#bind(value));
      try {
        results.push(await this.#session.execute(cursor.sql, binds, { signal }));
      } catch (error) {
        if (!execution.batchErrors || !(error instanceof OraError) || signal.aborted) throw error;
        errors.push({ code: error.code, text: error.message, row: i });
      }
    }
    return { results, errors };
  }

  #bind(bound: BoundValue): Bind {
    if (typeof bound !== "object" || bound === null || Buffer.isBuffer(bound)) return { value: bound };
    if (bound.kind === "locator") return { value: this.lobs.get(bound.locator).value };
    if (bound.kind === "array" || bound.kind === "cursor-id") {
      throw unsupported();
    }
    return { value: bound };
  }

  #answerQuery(
    cursor: Cursor,
    result: ExecuteResult & { readonly kind: "query" },
    execution: Execution,
    scope: CallScope,
  ): Answered {
    const described = cursor.columns !== undefined;
    cursor.open(result.columns, result.rows);
    if (!described || (execution.full && cursor.defines === undefined)) {
      writeDescribe(scope.writer, scope.context(), result.columns);
    }
    const lobs = result.columns.some((column) => isLob(wireTypes[column.type].code));
    if (execution.fetch !== undefined && (!lobs || cursor.defines !== undefined)) {
      return this.#fetch(cursor, execution.fetch, scope, true);
    }
    // The client decides how it wants LOBs before the first row.
    this.#parameters(scope);
    return this.#finish(scope, cursor, {});
  }

  #fetch(cursor: Cursor, count: number, scope: CallScope, withParameters: boolean): Answered {
    const stopped = writeRows(scope.writer, cursor, count, {
      compress: this.#options.compress,
      longestString: this.#options.longestString,
      handles: this.#handles(scope),
      stopAt: scope.stopAt,
    });
    if (stopped) return "stopped";
    if (withParameters) this.#parameters(scope);
    if (!cursor.exhausted) return this.#finish(scope, cursor, { rows: cursor.fetched });
    const text = "ORA-01403: no data found";
    return this.#finish(scope, cursor, { rows: cursor.fetched, code: NO_DATA_FOUND, text });
  }

  /** Directions and OUT values of a PL/SQL block; IN binds of anything else. */
  #answerBinds(cursor: Cursor, results: readonly ExecuteResult[], full: boolean, scope: CallScope): void {
    const outs = results.map((result) => (result.kind === "plsql" ? result.out : NO_OUT));
    const first = outs[0] ?? NO_OUT;
    const directions = cursor.binds.map((_, index): BindDirection => first.get(index)?.direction ?? "in");
    cursor.outOnly = directions.map((direction) => direction === "out");
    if (!cursor.isPlsql) return;
    if (full) writeDirections(scope.writer, directions);
    if (directions.every((direction) => direction === "in")) return;
    for (const out of outs) {
      scope.writer.u8(ROW);
      for (const [index, shape] of cursor.binds.entries()) {
        if (directions[index] !== "in") this.#writeOut(out.get(index)?.value ?? null, shape, scope);
      }
    }
  }

  #writeOut(value: SqlValue, shape: BindShape, scope: CallScope): void {
    if (shape.isArray) throw unsupported();
    if (typeof value === "string" && isText(shape) && Buffer.byteLength(value) > shape.maxSize) {
      throw new OraError(6502, "PL/SQL: numeric or value error: character string buffer too small", {
        below: ["ORA-06512: at line 1"],
      });
    }
    writeValue(scope.writer, value, { ...shape, inRow: false }, this.#handles(scope));
    scope.writer.int(0);
  }

  #handles(scope: CallScope) {
    return {
      lob: (value: LobValue) => {
        const locator = this.lobs.add(value, false);
        return { locator, length: this.lobs.get(locator.toString("hex")).length };
      },
      cursor: (value: CursorValue, writer: TtcWriter) => {
        const cursor = this.cursors.add("", true);
        cursor.open(value.columns, value.rows);
        writeDescribeBody(writer, scope.context(), value.columns);
        writer.int(cursor.id);
      },
    };
  }

  #parameters(scope: CallScope, rowCounts?: readonly number[]): void {
    const schema = this.schemaToConfirm;
    this.schemaToConfirm = undefined;
    writeParameters(scope.writer, {
      scn: ANY_SCN,
      schema,
      ...(rowCounts === undefined ? {} : { rowCounts }),
    });
  }

  #finish(scope: CallScope, cursor: Cursor, outcome: Outcome, result?: ExecuteResult): Answered {
    // Clients never run a DDL statement again by its cursor, so it is closed at once.
    const closed = result?.kind === "ddl";
    if (closed) this.cursors.close(cursor.id);
    writeOutcome(scope.writer, scope.context(), {
      ...outcome,
      cursor: closed ? 0 : cursor.id,
      sqlType: sqlType(cursor.sql),
    });
    return "whole";
  }
}

const NO_OUT: ReadonlyMap<number, OutBind> = new Map();

function isText(shape: BindShape): boolean {
  return shape.type === wire.varchar || shape.type === wire.char;
}

function unsupported(): OraError {
  return new OraError(3115, "unsupported network datatype or representation");
}
