import { OraError } from "../engine/ora-error.ts";
import type { CursorValue, DateValue, LobValue, SqlValue } from "../engine/values.ts";
import { encodeDate } from "./date.ts";
import type { DateSize } from "./date.ts";
import { LOCATOR } from "./lobs.ts";
import { writeRowId } from "./response.ts";
import type { RowId } from "./response.ts";
import { form, isLob, isLong, wire } from "./wire-types.ts";
import type { TtcWriter } from "./writer.ts";

/** As what a value is sent. */
export interface Target {
  readonly type: number;
  readonly form: number;
  /** LOBs are told with length and chunk size. */
  readonly lobSizes: boolean;
  /** In rows a ROWID is sent in its parts, in OUT binds as text. */
  readonly inRow: boolean;
}

/** What the session does for values that the client gets a handle of. */
export interface Handles {
  lob(value: LobValue): { readonly locator: Buffer; readonly length: number };
  /** Writes columns and the id of the new cursor. */
  cursor(value: CursorValue, writer: TtcWriter): void;
}

export const LOB_CHUNK = 8132;

/** Writes one value. Throws ORA-00932 where it cannot be sent as the wanted type. */
export function writeValue(writer: TtcWriter, value: SqlValue, target: Target, handles: Handles): void {
  if (value === null) writer.u8(0);
  else if (isLob(target.type)) writeLob(writer, asLob(value, target.type), target, handles);
  else if (target.type === wire.cursor) writeCursor(writer, value, handles);
  else writeScalar(writer, value, target);
}

function writeCursor(writer: TtcWriter, value: SqlValue, handles: Handles): void {
  if (!isKind(value, "cursor")) throw inconsistent("CURSOR");
  writer.u8(1);
  handles.cursor(value, writer);
}

function writeLob(writer: TtcWriter, value: LobValue, target: Target, handles: Handles): void {
  const { locator, length } = handles.lob(value);
  writer.int(LOCATOR);
  if (target.lobSizes) writer.int(length).int(LOB_CHUNK);
  writer.bytes(locator);
}

function asLob(value: SqlValue, type: number): LobValue {
  if (isKind(value, "clob") || isKind(value, "blob")) return value;
  const kind = type === wire.clob ? "clob" : "blob";
  return { kind, data: Buffer.isBuffer(value) ? value : Buffer.from(asText(value)) };
}

const dateSizes: Readonly<Record<number, DateSize>> = {
  [wire.date]: 7,
  [wire.timestamp]: 11,
  [wire.timestampLocal]: 11,
  [wire.timestampZone]: 13,
};

function writeScalar(writer: TtcWriter, value: SqlValue, target: Target): void {
  const dateSize = dateSizes[target.type];
  if (dateSize !== undefined) {
    if (!isKind(value, "date")) throw inconsistent("DATE");
    writer.bytes(encodeDate(value, dateSize));
    return;
  }
  switch (target.type) {
    case wire.number:
    case wire.binaryInteger:
      writer.number(asNumber(value));
      return;
    case wire.binaryDouble:
      writer.bytes(encodeIeee(Number(asNumber(value)), 8));
      return;
    case wire.binaryFloat:
      writer.bytes(encodeIeee(Number(asNumber(value)), 4));
      return;
    case wire.boolean:
      writer.bytes(value === true ? TRUE : FALSE);
      return;
    case wire.rowid:
      writeRowIdValue(writer, asText(value), target.inRow);
      return;
    case wire.raw:
    case wire.longRaw:
      writer.bytes(asBytes(value));
      return;
    default:
      writeText(writer, value, target);
  }
}

const TRUE = Buffer.from([1, 1]);
const FALSE = Buffer.from([0]);

function writeRowIdValue(writer: TtcWriter, text: string, inParts: boolean): void {
  if (inParts) writeRowId(writer.u8(1), parseRowId(text));
  else writer.text(text);
}

function writeText(writer: TtcWriter, value: SqlValue, target: Target): void {
  if (target.form === form.national) writer.bytes(Buffer.from(asText(value), "utf16le").swap16());
  else if (isLong(target.type) || typeof value !== "string") writer.bytes(asBytes(value));
  else writer.text(value);
}

function asNumber(value: SqlValue): string | number | bigint {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  throw inconsistent("NUMBER");
}

function asBytes(value: SqlValue): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (isKind(value, "clob") || isKind(value, "blob")) return value.data;
  return Buffer.from(asText(value));
}

function asText(value: SqlValue): string {
  if (typeof value === "string") return value;
  if (Buffer.isBuffer(value)) return value.toString("hex").toUpperCase();
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  if (value.kind === "clob") return value.data.toString("utf8");
  throw inconsistent("CHAR");
}

interface Kinds {
  date: DateValue;
  clob: LobValue;
  blob: LobValue;
  cursor: CursorValue;
}

function isKind<K extends keyof Kinds>(value: SqlValue, kind: K): value is Kinds[K] {
  return typeof value === "object" && value !== null && !Buffer.isBuffer(value) && value.kind === kind;
}

function inconsistent(expected: string): OraError {
  return new OraError(932, `inconsistent datatypes: expected ${expected} got another`);
}

/** IEEE 754, with bits flipped so that the bytes sort like the numbers. */
function encodeIeee(value: number, size: 4 | 8): Buffer {
  const bytes = Buffer.alloc(size);
  if (size === 8) bytes.writeDoubleBE(value);
  else bytes.writeFloatBE(value);
  const negative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return Buffer.from(bytes.map((byte, i) => (negative ? ~byte & 0xff : i === 0 ? byte | 0x80 : byte)));
}

const ROWID_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** An extended ROWID as text: object (6 digits of base 64), file (3), block (6), row (3). */
function parseRowId(text: string): RowId {
  const part = (start: number, end: number): number => {
    let number = 0;
    for (const digit of text.slice(start, end))
      number = number * 64 + Math.max(0, ROWID_DIGITS.indexOf(digit));
    return number;
  };
  return { rba: part(0, 6), partition: part(6, 9), block: part(9, 15), slot: part(15, 18) };
}
