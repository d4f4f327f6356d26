import type { OracleType, SqlValue } from "../../engine/values.ts";
import { fail } from "../errors.ts";
import { decodeMoment, encodeMoment, momentFromDateValue, momentToDateValue } from "./moment.ts";

/** How SQLite holds an Oracle value: numbers as INTEGER where exact, dates as sortable text, RAW and BLOB as blobs. */
export type Stored = null | string | bigint | number | Uint8Array;

const INT64_MAX = 2n ** 63n - 1n;

export function toStored(value: SqlValue | undefined, type: OracleType): Stored {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (Buffer.isBuffer(value)) return new Uint8Array(value);
  if (typeof value === "object") {
    if (value.kind === "date") return encodeMoment(momentFromDateValue(value));
    if (value.kind === "clob") return value.data.toString("utf8");
    if (value.kind === "blob") return new Uint8Array(value.data);
    throw fail(932, "-", "CURSER");
  }
  if (type === "NUMBER" || type === "BINARY_DOUBLE" || type === "BINARY_FLOAT") return storedNumber(value);
  return String(value);
}

/** Digits to INTEGER as long as they fit, else to REAL. ORA-01722 for what is no number. */
export function storedNumber(value: string | number | bigint): bigint | number {
  if (typeof value === "bigint") return value > INT64_MAX || value < -INT64_MAX ? Number(value) : value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  const text = value.trim();
  if (/^[+-]?\d{1,18}$/.test(text)) return BigInt(text);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw fail(1722);
  if (/^[+-]?\d+$/.test(text)) return storedNumber(BigInt(text));
  return storedNumber(Number(text));
}

/** NUMBER goes out as text, without an exponent. */
export function fromStored(value: unknown, type: OracleType): SqlValue {
  if (value === null || value === undefined) return null;
  if (type === "NUMBER") return numberText(value as bigint | number | string);
  if (type === "BINARY_DOUBLE" || type === "BINARY_FLOAT") return Number(value);
  if (type === "BOOLEAN") return Number(value) !== 0;
  if (value instanceof Uint8Array)
    return type === "BLOB" ? { kind: "blob", data: Buffer.from(value) } : Buffer.from(value);
  return fromText(typeof value === "string" ? value : numberText(value as bigint | number), type);
}

function fromText(text: string, type: OracleType): SqlValue {
  if (type === "CLOB") return { kind: "clob", data: Buffer.from(text, "utf8") };
  if (type === "DATE" || type.startsWith("TIMESTAMP")) {
    const moment = decodeMoment(text);
    return moment === undefined ? null : momentToDateValue(moment);
  }
  return text === "" ? null : text;
}

/** Decimal digits, no exponent: 1e21 is 1000000000000000000000. */
export function numberText(value: bigint | number | string): string {
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = "", first = "", fraction = "", exponent = "0"] = match;
  return `${sign}0.${"0".repeat(Number(exponent) - 1)}${first}${fraction}`;
}
