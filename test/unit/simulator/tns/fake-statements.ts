import type { Bind, ExecuteOptions, ExecuteResult, OutBind } from "../../../../simulator/engine/engine.ts";
import { OraError } from "../../../../simulator/engine/ora-error.ts";
import type { Column, DateValue, OracleType, SqlValue } from "../../../../simulator/engine/values.ts";
import type { FakeSession } from "./fake-engine.ts";

type Statement = (call: {
  readonly session: FakeSession;
  readonly match: RegExpExecArray;
  readonly binds: readonly Bind[];
  readonly options: ExecuteOptions;
}) => ExecuteResult | Promise<ExecuteResult>;

function column(name: string, type: OracleType, size = 22, more: Partial<Column> = {}): Column {
  return { name, type, size, nullable: true, ...more };
}

function date(year: number, month: number, day: number, more: Partial<DateValue> = {}): DateValue {
  return { kind: "date", year, month, day, hour: 0, minute: 0, second: 0, nanos: 0, ...more };
}

function query(columns: readonly Column[], rows: Iterable<readonly SqlValue[]>): ExecuteResult {
  return { kind: "query", columns, rows };
}

const levelColumns = [column("N", "NUMBER"), column("TXT", "VARCHAR2", 60), column("SAME", "VARCHAR2", 10)];

function* levels(count: number): Generator<readonly SqlValue[]> {
  for (let n = 1; n <= count; n += 1) yield [n, `row ${n}`, n % 3 === 0 ? null : "const"];
}

function* failing(count: number): Generator<readonly SqlValue[]> {
  yield* levels(count);
  throw new OraError(1555, "snapshot too old");
}

const noon = { hour: 13, minute: 5, second: 59 };

const typeColumns = [
  column("ID", "NUMBER", 22, { precision: 10, scale: 0 }),
  column("NAME", "VARCHAR2", 40),
  column("AMOUNT", "NUMBER"),
  column("D", "DATE", 7),
  column("TS", "TIMESTAMP", 11, { scale: 6 }),
  column("TZ", "TIMESTAMP WITH TIME ZONE", 13, { scale: 6 }),
  column("LTZ", "TIMESTAMP WITH LOCAL TIME ZONE", 11, { scale: 6 }),
  column("R", "RAW", 16),
  column("BD", "BINARY_DOUBLE", 8),
  column("BF", "BINARY_FLOAT", 4),
  column("C", "CHAR", 3),
  column("NV", "NVARCHAR2", 40),
  column("RID", "ROWID", 18),
  column("L", "LONG", 2_147_483_647),
];

const typeRows: readonly (readonly SqlValue[])[] = [
  [
    1,
    "naïve → ✓",
    "12345678901234567890.5",
    date(2024, 2, 29, noon),
    date(2024, 2, 29, { ...noon, nanos: 123_000_000 }),
    date(2024, 2, 29, { ...noon, nanos: 999_000_000, zoneMinutes: 60 }),
    date(2024, 2, 29, noon),
    Buffer.from("00ff10", "hex"),
    -1.5e-9,
    0.5,
    "abc",
    "ünïcode",
    "AAASdqAAEAAAAInAAA",
    "long ".repeat(10_000),
  ],
  Array.from({ length: 14 }, () => null),
];

function sleep(ms: number, signal: AbortSignal): Promise<ExecuteResult> {
  const cancelled = new OraError(1013, "user requested cancel of current operation");
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled);
      return;
    }
    const timer = setTimeout(() => resolve({ kind: "plsql", out: new Map() }), ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(cancelled);
    });
  });
}

function outs(...values: readonly (readonly [number, OutBind])[]): ExecuteResult {
  return { kind: "plsql", out: new Map(values) };
}

const out = (value: SqlValue): OutBind => ({ direction: "out", value });
const valueOf = (binds: readonly Bind[], index: number): SqlValue => binds[index]?.value ?? null;

function textOf(value: SqlValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "kind" in value && value.kind === "clob") {
    return value.data.toString("utf8");
  }
  return JSON.stringify(value);
}

const lobColumns = [column("ID", "NUMBER"), column("C", "CLOB", 4000), column("B", "BLOB", 4000)];
export const clobText = "hello clob é ".repeat(3000);

const statements: readonly (readonly [RegExp, Statement])[] = [
  [/^select 1 from dual$/i, () => query([column("1", "NUMBER")], [[1]])],
  [/^select dbtimezone from dual$/i, () => query([column("DBTIMEZONE", "VARCHAR2", 6)], [["+00:00"]])],
  [/^select user from dual$/i, ({ session }) => query([column("U", "VARCHAR2", 128)], [[session.user]])],
  [
    /^select schema from dual$/i,
    ({ session }) => query([column("S", "VARCHAR2", 128)], [[session.currentSchema]]),
  ],
  [
    /^select module from dual$/i,
    ({ session }) => query([column("M", "VARCHAR2", 64)], [[session.clientInfo["MODULE"] ?? null]]),
  ],
  [/^select all types$/i, () => query(typeColumns, typeRows)],
  [/^select flag from dual$/i, () => query([column("F", "BOOLEAN", 1)], [[true], [false], [null]])],
  [/^select levels (\d+)/i, ({ match }) => query(levelColumns, levels(Number(match[1])))],
  [/^select failing (\d+)$/i, ({ match }) => query(levelColumns, failing(Number(match[1])))],
  [
    /^select echo :\w+ from dual$/i,
    ({ binds }) => query([column("V", "VARCHAR2", 4000)], [[textOf(valueOf(binds, 0))]]),
  ],
  [
    /^select date :\w+ from dual$/i,
    ({ binds }) => query([column("D", "TIMESTAMP", 11, { scale: 6 })], [[valueOf(binds, 0)]]),
  ],
  [
    /^select pair :\w+, :\w+ from dual$/i,
    ({ binds }) =>
      query([column("V", "VARCHAR2", 4000)], [[binds.map((bind) => textOf(bind.value)).join("/")]]),
  ],
  [
    /^select lobs$/i,
    () =>
      query(lobColumns, [
        [
          1,
          { kind: "clob", data: Buffer.from(clobText) },
          { kind: "blob", data: Buffer.alloc(100_000, 0xab) },
        ],
        [2, null, null],
      ]),
  ],
  [/^select wide$/i, () => query([column("W", "VARCHAR2", 4000)], [["w".repeat(4000)], [null], ["x"]])],
  [
    /^insert into t/i,
    ({ session }) => {
      session.inTransaction = true;
      return { kind: "dml", rowsAffected: 1, rowId: { rba: 75_000, partition: 7, block: 131, slot: 2 } };
    },
  ],
  [
    /^insert into picky/i,
    ({ session, binds }) => {
      session.inTransaction = true;
      if (Number(valueOf(binds, 0)) % 2 === 0) throw new OraError(1, "unique constraint (T.PK) violated");
      return { kind: "dml", rowsAffected: 1 };
    },
  ],
  [/^delete from t$/i, () => ({ kind: "dml", rowsAffected: 0 })],
  [/^(alter|create|drop) /i, () => ({ kind: "ddl" })],
  [/^begin null; end;$/i, () => outs()],
  [/^begin :\w+ := 'out'; end;$/i, () => outs([0, out("out")])],
  [/^begin :\w+ := long; end;$/i, () => outs([0, out("x".repeat(300))])],
  [
    /^begin p\(/i,
    ({ binds }) =>
      outs(
        [1, out(`got ${textOf(valueOf(binds, 0))}`)],
        [2, { direction: "in-out", value: Number(valueOf(binds, 2)) + 1 }],
        [3, out(date(2025, 6, 1, { hour: 2 }))],
      ),
  ],
  [/^begin open /i, () => outs([0, out({ kind: "cursor", columns: levelColumns, rows: levels(250) })])],
  [
    /^begin clob\(/i,
    ({ binds }) => {
      const value = valueOf(binds, 0);
      return outs([1, out(textOf(value).length)]);
    },
  ],
  [/^begin sleep\((\d+)\); end;$/i, ({ match, options }) => sleep(Number(match[1]), options.signal)],
  [
    /^begin raise; end;$/i,
    () => {
      throw new OraError(20_001, "custom failure", { below: ["ORA-06512: at line 1"] });
    },
  ],
  [
    /^begin kill_me; end;$/i,
    () => {
      throw new OraError(28, "your session has been killed");
    },
  ],
  [
    /^begin drop_me; end;$/i,
    ({ session }) => {
      session.login.onKilled?.("drop");
      return outs();
    },
  ],
];

export function answerStatement(
  session: FakeSession,
  sql: string,
  binds: readonly Bind[],
  options: ExecuteOptions,
): ExecuteResult | Promise<ExecuteResult> {
  for (const [pattern, statement] of statements) {
    const match = pattern.exec(sql);
    if (match !== null) return statement({ session, match, binds, options });
  }
  throw new OraError(942, "table or view does not exist", { position: 14 });
}
