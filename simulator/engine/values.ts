/** Values as the SQL engine and the wire exchange them. NUMBER travels as text, so that no digit is lost. */
export type SqlValue =
  | null
  | string
  | number
  | bigint
  | boolean
  | Buffer
  | DateValue
  | LobValue
  | CursorValue;

/** DATE and every TIMESTAMP: wall clock fields; for WITH TIME ZONE the fields are UTC and `zoneMinutes` is the offset. */
export interface DateValue {
  readonly kind: "date";
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
  readonly zoneMinutes?: number;
}

export interface LobValue {
  readonly kind: "clob" | "blob";
  readonly data: Buffer;
}

export interface CursorValue {
  readonly kind: "cursor";
  readonly columns: readonly Column[];
  readonly rows: Iterable<readonly SqlValue[]>;
}

export type OracleType =
  | "VARCHAR2"
  | "NVARCHAR2"
  | "CHAR"
  | "NUMBER"
  | "DATE"
  | "TIMESTAMP"
  | "TIMESTAMP WITH TIME ZONE"
  | "TIMESTAMP WITH LOCAL TIME ZONE"
  | "RAW"
  | "LONG"
  | "ROWID"
  | "BINARY_FLOAT"
  | "BINARY_DOUBLE"
  | "CLOB"
  | "BLOB"
  | "BOOLEAN"
  | "CURSOR";

export interface Column {
  readonly name: string;
  readonly type: OracleType;
  /** Bytes; never 0. */
  readonly size: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly nullable: boolean;
}
