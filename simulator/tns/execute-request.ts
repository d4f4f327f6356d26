import { readBound, readShape } from "./bind.ts";
import type { BindShape, BoundValue } from "./bind.ts";
import { since } from "./profiles.ts";
import { MalformedRequest } from "./reader.ts";
import type { TtcReader } from "./reader.ts";
import { returningBinds, statementKind } from "./statement-kind.ts";

/** What a parser must know of the session: versions, and the cursors that a request names. */
export interface StatementContext {
  readonly fieldVersion: number;
  readonly longestString: number;
  /** Undefined until the first login message shows it. */
  readonly prefixedText: boolean | undefined;
  cursor(id: number): KnownCursor | undefined;
}

export interface KnownCursor {
  readonly isPlsql: boolean;
  readonly isQuery: boolean;
  readonly binds: readonly BindShape[];
  /** Binds that the server called OUT: a client leaves them away when it executes again. */
  readonly outOnly: readonly boolean[];
}

export interface ExecuteRequest {
  readonly kind: "execute";
  /** 0: a new one. */
  readonly cursor: number;
  /** Empty: that of the cursor. */
  readonly sql: string;
  readonly execute: boolean;
  readonly fetch: boolean;
  readonly describeOnly: boolean;
  readonly commit: boolean;
  readonly batchErrors: boolean;
  readonly rowCounts: boolean;
  readonly prefetch: number;
  readonly iterations: number;
  /** Undefined: as before. */
  readonly binds: readonly BindShape[] | undefined;
  readonly defines: readonly BindShape[] | undefined;
  readonly rows: readonly (readonly BoundValue[])[];
}

export interface ReexecuteRequest {
  readonly kind: "reexecute";
  readonly cursor: number;
  readonly fetch: boolean;
  readonly prefetch: number;
  readonly iterations: number;
  readonly commit: boolean;
  readonly rows: readonly (readonly BoundValue[])[];
}

const option = {
  execute: 0x20,
  fetch: 0x40,
  commit: 0x100,
  describe: 0x2_0000,
  batchErrors: 0x8_0000,
};
const ROW = 7;
const ROW_COUNTS = 0x4000;

interface Head {
  readonly options: number;
  readonly cursor: number;
  readonly sqlLength: number;
  readonly vector: number;
  readonly prefetch: number;
  readonly binds: number;
  readonly defines: number;
}

export function readExecute(reader: TtcReader, context: StatementContext): ExecuteRequest {
  const head = readHead(reader, context.fieldVersion);
  const sql = head.sqlLength === 0 ? "" : readSql(reader, head.sqlLength, context.prefixedText !== false);
  const vector = Array.from({ length: head.vector }, () => reader.int());
  const hasColumnId = context.fieldVersion >= since.columnObjectId;
  const shapes = (count: number): readonly BindShape[] =>
    Array.from({ length: count }, () => readShape(reader, hasColumnId));
  const defines = head.defines > 0 ? shapes(head.defines) : undefined;
  const binds = defines === undefined && head.binds > 0 ? shapes(head.binds) : undefined;
  const has = (bit: number): boolean => (head.options & bit) !== 0;
  const describeOnly = has(option.describe);
  const execute = has(option.execute) && !describeOnly;
  const { isPlsql, isQuery } = sql === "" ? knownKind(context.cursor(head.cursor)) : kindOf(sql);
  // For a query the second word of the vector counts rows, not executions.
  const iterations = isQuery ? 1 : Math.max(1, vector[1] ?? 1);
  const shaped = execute && binds !== undefined ? binds : [];
  const sent = shaped.slice(0, shaped.length - returningBinds(sql));
  return {
    kind: "execute",
    cursor: head.cursor,
    sql,
    execute,
    describeOnly,
    fetch: has(option.fetch),
    commit: has(option.commit),
    batchErrors: has(option.batchErrors),
    rowCounts: ((vector[9] ?? 0) & ROW_COUNTS) !== 0,
    prefetch: head.prefetch,
    iterations,
    binds,
    defines,
    rows: readRows(reader, sent, [], isPlsql, iterations, context.longestString),
  };
}

type Kind = Pick<KnownCursor, "isPlsql" | "isQuery">;

function kindOf(sql: string): Kind {
  const kind = statementKind(sql);
  return { isPlsql: kind === "plsql", isQuery: kind === "query" };
}

function knownKind(known: KnownCursor | undefined): Kind {
  return known ?? { isPlsql: false, isQuery: true };
}

const MOST_BINDS = 65_535;

function readHead(reader: TtcReader, fieldVersion: number): Head {
  const options = reader.int();
  const cursor = reader.int();
  const hasSql = reader.u8() !== 0;
  const sqlLength = reader.int();
  reader.skip(1);
  const vector = reader.int();
  reader.skip(2);
  reader.int();
  const prefetch = reader.int();
  reader.int();
  reader.skip(1);
  const binds = reader.int();
  reader.skip(5);
  const hasDefines = reader.u8() !== 0;
  const defines = reader.int();
  reader.int();
  reader.skip(3);
  reader.int();
  reader.skip(1);
  reader.skipInts(2);
  reader.skip(1);
  reader.int();
  reader.skip(1);
  if (fieldVersion >= since.sqlSignature) skipSignature(reader, fieldVersion);
  if ([vector, binds, defines].some((count) => count < 0 || count > MOST_BINDS)) {
    throw new MalformedRequest("a list of impossible length");
  }
  return {
    options,
    cursor,
    sqlLength: hasSql ? sqlLength : 0,
    vector,
    prefetch,
    binds,
    defines: hasDefines ? defines : 0,
  };
}

function skipSignature(reader: TtcReader, fieldVersion: number): void {
  reader.skip(1);
  reader.int();
  reader.skip(1);
  reader.int();
  reader.skip(1);
  if (fieldVersion < since.chunkIds) return;
  reader.skip(1);
  reader.int();
}

function readSql(reader: TtcReader, length: number, prefixed: boolean): string {
  return prefixed ? reader.text() : reader.raw(length).toString("utf8");
}

export function readReexecute(
  fetch: boolean,
  reader: TtcReader,
  context: StatementContext,
): ReexecuteRequest {
  const cursor = reader.int();
  const count = reader.int();
  reader.int();
  const flags = reader.int();
  const known = context.cursor(cursor);
  const iterations = fetch ? 1 : Math.max(1, count);
  const binds = known?.binds ?? [];
  const rows =
    known === undefined
      ? []
      : readRows(reader, binds, known.outOnly, known.isPlsql, iterations, context.longestString);
  return {
    kind: "reexecute",
    cursor,
    fetch,
    prefetch: fetch ? count : 0,
    iterations,
    commit: (flags & 1) !== 0,
    rows,
  };
}

/** One row of values for each execution. Nothing is sent when every bind is left away. */
function readRows(
  reader: TtcReader,
  shapes: readonly BindShape[],
  leftAway: readonly boolean[],
  isPlsql: boolean,
  iterations: number,
  longestString: number,
): readonly (readonly BoundValue[])[] {
  if (shapes.every((_, index) => leftAway[index] === true))
    return shapes.length > 0 ? [shapes.map(() => null)] : [];
  const order = sendingOrder(shapes, leftAway, isPlsql, longestString);
  const rows: BoundValue[][] = [];
  for (let i = 0; i < iterations; i += 1) {
    if (reader.u8() !== ROW) throw new MalformedRequest("binds without their row");
    const row: BoundValue[] = shapes.map(() => null);
    for (const [index, shape] of order) row[index] = readBound(reader, shape);
    rows.push(row);
  }
  return rows;
}

/** Outside of PL/SQL, binds longer than the longest VARCHAR2 come after all others. */
function sendingOrder(
  shapes: readonly BindShape[],
  leftAway: readonly boolean[],
  isPlsql: boolean,
  longestString: number,
): readonly (readonly [number, BindShape])[] {
  const sent = [...shapes.entries()].filter(([index]) => leftAway[index] !== true);
  const late = (shape: BindShape): boolean => !isPlsql && !shape.isArray && shape.maxSize > longestString;
  return [...sent.filter(([, shape]) => !late(shape)), ...sent.filter(([, shape]) => late(shape))];
}
