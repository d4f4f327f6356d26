import type { TtcReader } from "./reader.ts";

export interface LobRequest {
  readonly kind: "lob";
  readonly operation: number;
  readonly locator: Buffer;
  /** From 1; in characters for a CLOB. */
  readonly offset: number;
  /** Of a new temporary LOB: the type. */
  readonly newType: number;
  readonly data: Buffer | undefined;
  readonly amount: number | undefined;
}

export const lobOperation = {
  length: 0x1,
  read: 0x2,
  trim: 0x20,
  write: 0x40,
  createTemporary: 0x110,
  freeTemporary: 0x111,
  chunkSize: 0x4000,
  isOpen: 0x1_1000,
  open: 0x8000,
  close: 0x1_0000,
} as const;

export function readLob(reader: TtcReader): LobRequest {
  const hasLocator = reader.u8() !== 0;
  const locatorLength = reader.int();
  reader.skip(1);
  reader.skipInts(3);
  reader.skip(3);
  const operation = reader.int();
  reader.skip(2);
  const offset = reader.int();
  const newType = reader.int();
  const sendsAmount = reader.u8() !== 0;
  reader.skip(6);
  const locator = hasLocator ? Buffer.from(reader.raw(locatorLength)) : Buffer.alloc(0);
  if (operation === lobOperation.createTemporary) reader.int();
  let data: Buffer | undefined;
  if (operation === lobOperation.write) {
    reader.skip(1);
    data = reader.bytes() ?? Buffer.alloc(0);
  }
  const amount = sendsAmount ? reader.int() : undefined;
  return { kind: "lob", operation, locator, offset, newType, data, amount };
}
