import type { OracleType } from "../engine/values.ts";

/** Numbers of the types on the wire. */
export const wire = {
  varchar: 1,
  number: 2,
  binaryInteger: 3,
  long: 8,
  rowid: 11,
  date: 12,
  raw: 23,
  longRaw: 24,
  char: 96,
  binaryFloat: 100,
  binaryDouble: 101,
  cursor: 102,
  clob: 112,
  blob: 113,
  timestamp: 180,
  timestampZone: 181,
  urowid: 208,
  timestampLocal: 231,
  boolean: 252,
} as const;

/** Form of a text: the database's character set or the national one (UTF-16). */
export const form = { none: 0, implicit: 1, national: 2 } as const;

export interface WireType {
  readonly code: number;
  readonly form: number;
}

const implicitText = (code: number): WireType => ({ code, form: form.implicit });
const plain = (code: number): WireType => ({ code, form: form.none });

export const wireTypes: Readonly<Record<OracleType, WireType>> = {
  VARCHAR2: implicitText(wire.varchar),
  NVARCHAR2: { code: wire.varchar, form: form.national },
  CHAR: implicitText(wire.char),
  NUMBER: plain(wire.number),
  DATE: plain(wire.date),
  TIMESTAMP: plain(wire.timestamp),
  "TIMESTAMP WITH TIME ZONE": plain(wire.timestampZone),
  "TIMESTAMP WITH LOCAL TIME ZONE": plain(wire.timestampLocal),
  RAW: plain(wire.raw),
  LONG: implicitText(wire.long),
  ROWID: plain(wire.rowid),
  BINARY_FLOAT: plain(wire.binaryFloat),
  BINARY_DOUBLE: plain(wire.binaryDouble),
  CLOB: implicitText(wire.clob),
  BLOB: plain(wire.blob),
  BOOLEAN: plain(wire.boolean),
  CURSOR: plain(wire.cursor),
};

export function isLob(type: number): boolean {
  return type === wire.clob || type === wire.blob;
}

export function isLong(type: number): boolean {
  return type === wire.long || type === wire.longRaw;
}
