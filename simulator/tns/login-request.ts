import { MalformedRequest } from "./reader.ts";
import type { TtcReader } from "./reader.ts";

export interface ProtocolRequest {
  readonly kind: "protocol";
  readonly driver: string;
}

export interface DataTypesRequest {
  readonly kind: "data-types";
  readonly fieldVersion: number;
  /** The client sends its time zone and wants the server's. */
  readonly timeZone: boolean;
  /** The scale of a described column is an integer of variable length (an older dialect). */
  readonly wideScale: boolean;
}

export interface LoginRequest {
  readonly kind: "login";
  readonly phase: 1 | 2;
  /** Empty without one: token and certificate logins. */
  readonly user: string;
  readonly mode: number;
  readonly values: ReadonlyMap<string, string>;
  /** Texts carry their length; an older dialect sends bare bytes. */
  readonly prefixedText: boolean;
}

export function readProtocol(reader: TtcReader): ProtocolRequest {
  reader.skip(2);
  return { kind: "protocol", driver: reader.zeroEnded() };
}

const FIELD_VERSION_AT = 7;
const TIME_ZONE_BYTES = 11;
const WIDE_COLUMN_TYPE = 39;
const WIDE_COLUMN_CONVERSION = 120;

export function readDataTypes(reader: TtcReader): DataTypesRequest {
  reader.skip(5);
  const compile = reader.bytes();
  const runtime = reader.bytes();
  const fieldVersion = compile?.[FIELD_VERSION_AT];
  if (fieldVersion === undefined || runtime === null) throw new MalformedRequest("no capabilities");
  const timeZone = ((runtime[1] ?? 0) & 1) === 1;
  if (timeZone) reader.skip(TIME_ZONE_BYTES);
  let wideScale = false;
  for (let type = reader.u16be(); type !== 0; type = reader.u16be()) {
    const conversion = reader.u16be();
    if (conversion !== 0) reader.skip(4);
    if (type === WIDE_COLUMN_TYPE && conversion === WIDE_COLUMN_CONVERSION) wideScale = true;
  }
  return { kind: "data-types", fieldVersion, timeZone, wideScale };
}

const MOST_PAIRS = 1000;

/** `prefixedText` undefined: not known yet, told from the user name. */
export function readLogin(
  phase: 1 | 2,
  reader: TtcReader,
  context: { readonly prefixedText: boolean | undefined },
): LoginRequest {
  const hasUser = reader.u8() === 1;
  const userLength = reader.int();
  const mode = reader.int();
  reader.skip(1);
  const pairs = reader.int();
  reader.skip(2);
  if (pairs < 0 || pairs > MOST_PAIRS) throw new MalformedRequest(`${pairs} pairs in a login`);
  const prefixedText = context.prefixedText ?? startsWithLength(reader, userLength, hasUser);
  const user = !hasUser ? "" : prefixedText ? reader.text() : reader.raw(userLength).toString("utf8");
  const values = new Map<string, string>();
  for (let i = 0; i < pairs; i += 1) {
    const key = reader.longText();
    values.set(key, reader.longText());
    reader.int();
  }
  return { kind: "login", phase, user, mode, values, prefixedText };
}

/** A user name never starts with a control character, so a byte that equals its length is the length. */
function startsWithLength(reader: TtcReader, length: number, hasText: boolean): boolean {
  return !hasText || length >= 32 || reader.peek() === length;
}
