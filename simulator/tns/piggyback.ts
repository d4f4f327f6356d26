import { MalformedRequest } from "./reader.ts";
import type { TtcReader } from "./reader.ts";

/** What a client sends along before a call. */
export type Piggyback =
  | { readonly kind: "close-cursors"; readonly cursors: readonly number[] }
  | { readonly kind: "cancel-cursors"; readonly cursors: readonly number[] }
  | { readonly kind: "set-schema"; readonly schema: string }
  | { readonly kind: "client-info"; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "free-lobs"; readonly locators: Buffer }
  | { readonly kind: "app-context"; readonly namespace: string };

const fn = {
  freeLobs: 0x60,
  closeCursors: 0x69,
  cancelCursors: 0x78,
  endToEnd: 0x87,
  setSchema: 0x98,
  appContext: 0x9a,
};

/** Piggybacks have no length, so an unknown one cannot be skipped: MalformedRequest. */
export function readPiggyback(number: number, reader: TtcReader): Piggyback {
  switch (number) {
    case fn.closeCursors:
      return { kind: "close-cursors", cursors: readCursors(reader) };
    case fn.cancelCursors:
      return { kind: "cancel-cursors", cursors: readCursors(reader) };
    case fn.setSchema:
      reader.skip(1);
      reader.int();
      return { kind: "set-schema", schema: reader.text() };
    case fn.endToEnd:
      return readEndToEnd(reader);
    case fn.freeLobs:
      return readFreeLobs(reader);
    case fn.appContext:
      return readAppContext(reader);
    default:
      throw new MalformedRequest(`piggyback ${number}`);
  }
}

function readCursors(reader: TtcReader): readonly number[] {
  reader.skip(1);
  return Array.from({ length: checked(reader.int()) }, () => reader.int());
}

/** Fields of the end-to-end piggyback in their order; undefined ones carry nothing the engine knows. */
const endToEndFields = [
  "CLIENT_ID",
  "MODULE",
  "ACTION",
  undefined,
  undefined,
  "CLIENT_INFO",
  undefined,
  undefined,
  undefined,
] as const;

function readEndToEnd(reader: TtcReader): Piggyback {
  reader.skip(2);
  reader.int();
  const present = endToEndFields.map(() => {
    const pointer = reader.u8();
    return { length: reader.int(), pointer };
  });
  const values: Record<string, string> = {};
  for (const [index, field] of present.entries()) {
    const name = endToEndFields[index];
    if (field.pointer === 0) continue;
    const text = field.length === 0 ? "" : reader.text();
    if (name !== undefined) values[name] = text;
  }
  return { kind: "client-info", values };
}

function readFreeLobs(reader: TtcReader): Piggyback {
  reader.skip(1);
  const total = checked(reader.int());
  reader.skip(1);
  reader.skipInts(3);
  reader.skip(3);
  reader.int();
  reader.skip(1);
  reader.skipInts(3);
  reader.skip(1);
  for (let i = 0; i < 3; i += 1) {
    reader.skip(1);
    reader.int();
  }
  return { kind: "free-lobs", locators: Buffer.from(reader.raw(total)) };
}

function readAppContext(reader: TtcReader): Piggyback {
  if (reader.u8() !== 0) reader.int();
  reader.skip(1);
  const entries = checked(reader.int());
  reader.int();
  reader.skip(1);
  const namespace = reader.text();
  for (let i = 0; i < entries; i += 1) {
    reader.longText();
    reader.longText();
    reader.int();
  }
  return { kind: "app-context", namespace };
}

const MOST_ENTRIES = 65_535;

function checked(count: number): number {
  if (count < 0 || count > MOST_ENTRIES) throw new MalformedRequest(`a list of ${count} entries`);
  return count;
}
