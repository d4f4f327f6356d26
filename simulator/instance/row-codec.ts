import { OraError } from "../engine/ora-error.ts";
import type { DateValue, SqlValue } from "../engine/values.ts";

/**
 * A row piece: column count, then for each column a length and its bytes, as in a heap block (0xff is NULL, 0xfe says
 * that a two-byte length follows). The first byte of a value says which kind of SqlValue it was.
 */
const NULL_COLUMN = 0xff;
const LONG_COLUMN = 0xfe;

const KIND = { text: 1, number: 2, bigint: 3, boolean: 4, raw: 5, date: 6, clob: 7, blob: 8 } as const;

export function encodeRow(values: readonly SqlValue[]): Buffer {
  const parts: Buffer[] = [Buffer.of(values.length & 0xff, values.length >> 8)];
  for (const value of values) {
    const bytes = encodeValue(value);
    if (bytes === null) parts.push(Buffer.of(NULL_COLUMN));
    else if (bytes.length < LONG_COLUMN) parts.push(Buffer.of(bytes.length), bytes);
    else parts.push(Buffer.of(LONG_COLUMN, bytes.length & 0xff, bytes.length >> 8), bytes);
  }
  return Buffer.concat(parts);
}

export function decodeRow(piece: Buffer): SqlValue[] {
  const count = piece.readUInt16LE(0);
  const values: SqlValue[] = [];
  let at = 2;
  for (let column = 0; column < count; column += 1) {
    let length = piece.readUInt8(at);
    at += 1;
    if (length === NULL_COLUMN) {
      values.push(null);
      continue;
    }
    if (length === LONG_COLUMN) {
      length = piece.readUInt16LE(at);
      at += 2;
    }
    values.push(decodeValue(piece.subarray(at, at + length)));
    at += length;
  }
  return values;
}

function encodeValue(value: SqlValue): Buffer | null {
  if (value === null) return null;
  if (typeof value === "string") return tagged(KIND.text, Buffer.from(value, "utf8"));
  if (typeof value === "number") return tagged(KIND.number, Buffer.from(String(value)));
  if (typeof value === "bigint") return tagged(KIND.bigint, Buffer.from(String(value)));
  if (typeof value === "boolean") return Buffer.of(KIND.boolean, value ? 1 : 0);
  if (Buffer.isBuffer(value)) return tagged(KIND.raw, value);
  if (value.kind === "date") return tagged(KIND.date, encodeDate(value));
  if (value.kind === "clob") return tagged(KIND.clob, value.data);
  if (value.kind === "blob") return tagged(KIND.blob, value.data);
  throw new OraError(902, "invalid datatype");
}

function decodeValue(bytes: Buffer): SqlValue {
  const rest = bytes.subarray(1);
  switch (bytes.readUInt8(0)) {
    case KIND.text:
      return rest.toString("utf8");
    case KIND.number:
      return Number(rest.toString());
    case KIND.bigint:
      return BigInt(rest.toString());
    case KIND.boolean:
      return rest.readUInt8(0) === 1;
    case KIND.date:
      return decodeDate(rest);
    case KIND.clob:
      return { kind: "clob", data: Buffer.from(rest) };
    case KIND.blob:
      return { kind: "blob", data: Buffer.from(rest) };
    default:
      return Buffer.from(rest);
  }
}

const tagged = (kind: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.of(kind), bytes]);

/** Century and year in excess 100, then month, day and time in excess 1, as DATE is; nanoseconds and zone follow. */
function encodeDate(date: DateValue): Buffer {
  const out = Buffer.alloc(date.zoneMinutes === undefined ? 11 : 13);
  const years = date.year;
  out.set([
    Math.trunc(years / 100) + 100,
    (years % 100) + 100,
    date.month,
    date.day,
    date.hour + 1,
    date.minute + 1,
    date.second + 1,
  ]);
  out.writeUInt32BE(date.nanos, 7);
  if (date.zoneMinutes !== undefined) out.writeInt16BE(date.zoneMinutes, 11);
  return out;
}

function decodeDate(bytes: Buffer): DateValue {
  const at = (index: number): number => bytes.readUInt8(index);
  const date: DateValue = {
    kind: "date",
    year: (at(0) - 100) * 100 + at(1) - 100,
    month: at(2),
    day: at(3),
    hour: at(4) - 1,
    minute: at(5) - 1,
    second: at(6) - 1,
    nanos: bytes.readUInt32BE(7),
  };
  return bytes.length > 11 ? { ...date, zoneMinutes: bytes.readInt16BE(11) } : date;
}
