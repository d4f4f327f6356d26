import type { Column, OracleType } from "../../engine/values.ts";

/** Type of an expression. INTERVAL lives inside the engine only, as a number of days. */
export interface ResultType {
  readonly type: OracleType | "INTERVAL";
  readonly size: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly nullable: boolean;
  /** NULL literal: takes the type of its company. */
  readonly untyped?: boolean;
}

/** SQL for SQLite with its Oracle type. */
export interface Typed {
  readonly sql: string;
  readonly type: ResultType;
}

export const NUMBER: ResultType = { type: "NUMBER", size: 22, nullable: true };
export const DATE: ResultType = { type: "DATE", size: 7, nullable: true };
export const TIMESTAMP: ResultType = { type: "TIMESTAMP", size: 11, scale: 6, nullable: true };
export const TIMESTAMP_TZ: ResultType = {
  type: "TIMESTAMP WITH TIME ZONE",
  size: 13,
  scale: 6,
  nullable: true,
};
export const INTERVAL: ResultType = { type: "INTERVAL", size: 11, nullable: true };
export const CLOB: ResultType = { type: "CLOB", size: 4000, nullable: true };

export function text(size: number): ResultType {
  return { type: "VARCHAR2", size: Math.min(Math.max(size, 1), 32_767), nullable: true };
}

const SIZES: Readonly<Partial<Record<OracleType, number>>> = {
  NUMBER: 22,
  DATE: 7,
  TIMESTAMP: 11,
  "TIMESTAMP WITH TIME ZONE": 13,
  "TIMESTAMP WITH LOCAL TIME ZONE": 11,
  ROWID: 18,
  BINARY_FLOAT: 4,
  BINARY_DOUBLE: 8,
  CLOB: 4000,
  BLOB: 4000,
  BOOLEAN: 1,
  LONG: 32_760,
};

const ALIASES: Readonly<Record<string, OracleType>> = {
  VARCHAR: "VARCHAR2",
  INTEGER: "NUMBER",
  INT: "NUMBER",
  SMALLINT: "NUMBER",
  DECIMAL: "NUMBER",
  NUMERIC: "NUMBER",
  FLOAT: "NUMBER",
  REAL: "NUMBER",
  PLS_INTEGER: "NUMBER",
  BINARY_INTEGER: "NUMBER",
  NCHAR: "CHAR",
  NCLOB: "CLOB",
  UROWID: "ROWID",
  SYS_REFCURSOR: "CURSOR",
};
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(SIZES),
  "VARCHAR2",
  "NVARCHAR2",
  "CHAR",
  "RAW",
  "CURSOR",
]);

/** The type that a type name of SQL means; undefined for one that is not known. */
export function namedType(
  name: string,
  sizes: readonly number[] = [],
  nullable = true,
): ResultType | undefined {
  const type = ALIASES[name] ?? (KNOWN.has(name) ? (name as OracleType) : undefined);
  if (type === undefined) return undefined;
  if (type === "NUMBER") return numberType(name, sizes, nullable);
  const [first] = sizes;
  if (type.startsWith("TIMESTAMP")) return { type, size: SIZES[type] ?? 11, scale: first ?? 6, nullable };
  return { type, size: SIZES[type] ?? first ?? (type === "CHAR" ? 1 : 4000), nullable };
}

function numberType(name: string, sizes: readonly number[], nullable: boolean): ResultType {
  const [precision = ["INTEGER", "INT", "SMALLINT"].includes(name) ? 38 : undefined, scale = 0] = sizes;
  return { type: "NUMBER", size: 22, nullable, ...(precision !== undefined && { precision, scale }) };
}

/** Text as a dictionary keeps it: NUMBER(10,2), VARCHAR2(30). */
export function typeText(name: string, sizes: readonly number[]): string {
  const [base = name, ...tail] = name.split(" ");
  return `${base}${sizes.length > 0 ? `(${sizes.join(",")})` : ""}${tail.length > 0 ? ` ${tail.join(" ")}` : ""}`;
}

/** Reads what `typeText` wrote. */
export function parsedType(spelled: string, nullable: boolean): ResultType {
  const match = /^\s*([A-Za-z_0-9]+)\s*(?:\(([^)]*)\))?\s*(.*)$/.exec(spelled);
  const name = `${match?.[1] ?? ""} ${match?.[3] ?? ""}`.trim().toUpperCase();
  const sizes = (match?.[2] ?? "")
    .split(",")
    .map((part) => Number.parseInt(part, 10))
    .filter((size) => !Number.isNaN(size));
  return namedType(name, sizes, nullable) ?? { type: "VARCHAR2", size: 4000, nullable };
}

export function isMoment(type: ResultType): boolean {
  return type.type === "DATE" || type.type.startsWith("TIMESTAMP");
}

export function isZoned(type: ResultType): boolean {
  return type.type === "TIMESTAMP WITH TIME ZONE";
}

export function isNumber(type: ResultType): boolean {
  return (
    type.type === "NUMBER" ||
    type.type === "BINARY_DOUBLE" ||
    type.type === "BINARY_FLOAT" ||
    type.type === "INTERVAL"
  );
}

export function isText(type: ResultType): boolean {
  return ["VARCHAR2", "NVARCHAR2", "CHAR", "LONG", "CLOB", "ROWID"].includes(type.type);
}

/** Type of a value that may come from either: of CASE, NVL, UNION. */
export function commonType(types: readonly ResultType[]): ResultType {
  const typed = types.filter((type) => type.untyped !== true);
  const [first] = typed;
  if (first === undefined) return types[0] ?? text(1);
  const nullable = types.some((type) => type.nullable);
  if (typed.every((type) => isText(type)))
    return { ...first, size: Math.max(...typed.map((type) => type.size)), nullable };
  if (typed.every((type) => isNumber(type)))
    return typed.length === 1 ? { ...first, nullable } : { ...NUMBER, nullable };
  return { ...(typed.find((type) => isMoment(type)) ?? first), nullable };
}

export function toColumn(name: string, type: ResultType): Column {
  return {
    name,
    type: type.type === "INTERVAL" ? "NUMBER" : type.type,
    size: Math.max(type.size, 1),
    nullable: type.nullable,
    ...(type.precision !== undefined && { precision: type.precision }),
    ...(type.scale !== undefined && { scale: type.scale }),
  };
}
