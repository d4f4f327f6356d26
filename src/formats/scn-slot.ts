import { scn, type Scn } from "../domain/scn.ts";
import type { FieldReader } from "./byte-order.ts";

/** Bit of the wrap that says: the third part follows, and the value has 64 bits (12.2 and later). */
const LONG_SCN = 0x8000;

/** SCN in an 8-byte slot of a file or redo header, in both forms; undefined where the slot says "no SCN" (all ff). */
export function readScn(fields: FieldReader, offset: number): Scn | undefined {
  const base = fields.u32(offset);
  const wrap = fields.u16(offset + 4);
  if (base === 0xffff_ffff && wrap === 0xffff) return undefined;
  if ((wrap & LONG_SCN) === 0) return scn(BigInt(base) | (BigInt(wrap) << 32n));
  const third = fields.u16(offset + 6);
  return scn(BigInt(base) | (BigInt(third) << 32n) | (BigInt(wrap & 0x7fff) << 48n));
}
