import type { SqlValue } from "../engine/values.ts";
import { decodeDate } from "./date.ts";
import { decodeNumber } from "./number.ts";
import type { TtcReader } from "./reader.ts";
import { form, isLob, wire } from "./wire-types.ts";

/** How a client describes a bind or a define. */
export interface BindShape {
  readonly type: number;
  readonly form: number;
  readonly isArray: boolean;
  readonly maxSize: number;
  /** LOB values are told with length and chunk size. */
  readonly lobSizes: boolean;
}

/** A bound value; a LOB and a cursor are named by what the server gave out for them. */
export type BoundValue =
  | SqlValue
  | { readonly kind: "locator"; readonly locator: string }
  | { readonly kind: "cursor-id"; readonly cursor: number }
  | { readonly kind: "array"; readonly values: readonly BoundValue[] };

const LOB_SIZES = 0x0200_0000;
const IS_ARRAY = 0x40;

export function readShape(reader: TtcReader, hasColumnId: boolean): BindShape {
  const type = reader.u8();
  const flags = reader.u8();
  reader.skip(2);
  const maxSize = reader.int();
  reader.int();
  const continuation = reader.int();
  if (reader.int() > 0) reader.bytes();
  reader.skipInts(2);
  const textForm = reader.u8();
  reader.int();
  if (hasColumnId) reader.int();
  return {
    type,
    form: textForm,
    isArray: (flags & IS_ARRAY) !== 0,
    maxSize,
    lobSizes: (continuation & LOB_SIZES) !== 0,
  };
}

export function readBound(reader: TtcReader, shape: BindShape): BoundValue {
  if (!shape.isArray) return readOne(reader, shape);
  const count = reader.int();
  const values: BoundValue[] = [];
  for (let i = 0; i < count; i += 1) values.push(readOne(reader, shape));
  return { kind: "array", values };
}

const NO_BOOLEAN = 253;

function readOne(reader: TtcReader, shape: BindShape): BoundValue {
  if (shape.type === wire.cursor) {
    const cursor = reader.u8() === 0 ? 0 : reader.int();
    return cursor === 0 ? null : { kind: "cursor-id", cursor };
  }
  if (isLob(shape.type)) {
    const locator = reader.int() === 0 ? null : reader.bytes();
    return locator === null ? null : { kind: "locator", locator: locator.toString("hex") };
  }
  if (shape.type === wire.boolean) return readBoolean(reader);
  const bytes = reader.bytes();
  return bytes === null ? null : decodeScalar(bytes, shape);
}

function readBoolean(reader: TtcReader): boolean | null {
  const length = reader.u8();
  if (length === NO_BOOLEAN) {
    reader.skip(1);
    return null;
  }
  return length === 0 ? null : reader.raw(length).at(-1) === 1;
}

function decodeScalar(bytes: Buffer, shape: BindShape): SqlValue {
  switch (shape.type) {
    case wire.number:
    case wire.binaryInteger:
      return decodeNumber(bytes);
    case wire.date:
    case wire.timestamp:
    case wire.timestampZone:
    case wire.timestampLocal:
      return decodeDate(bytes);
    case wire.raw:
    case wire.longRaw:
      return Buffer.from(bytes);
    case wire.binaryDouble:
      return decodeIeee(bytes).readDoubleBE(0);
    case wire.binaryFloat:
      return decodeIeee(bytes).readFloatBE(0);
    default:
      return shape.form === form.national
        ? Buffer.from(bytes).swap16().toString("utf16le")
        : bytes.toString("utf8");
  }
}

/** Undoes the flipping of bits that makes the bytes sort like the numbers. */
function decodeIeee(bytes: Buffer): Buffer {
  const positive = ((bytes[0] ?? 0) & 0x80) !== 0;
  return Buffer.from(bytes.map((byte, i) => (positive ? (i === 0 ? byte & 0x7f : byte) : ~byte & 0xff)));
}
