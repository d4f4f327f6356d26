import type { RowAddress } from "../../instance/api.ts";
import { fail } from "../errors.ts";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** ROWID of Oracle: 6 digits object, 3 file, 6 block, 3 row, to the base 64. */
export function rowIdText(objectId: number, address: RowAddress): string {
  return digits(objectId, 6) + digits(address.file, 3) + digits(address.block, 6) + digits(address.slot, 3);
}

/** ORA-01410 for what is no ROWID. */
export function parseRowId(text: unknown): RowAddress {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]{18}$/.test(text)) throw fail(1410);
  return { file: number(text.slice(6, 9)), block: number(text.slice(9, 15)), slot: number(text.slice(15)) };
}

function digits(value: number, size: number): string {
  let text = "";
  for (let left = value; text.length < size; left = Math.floor(left / 64))
    text = (DIGITS[left % 64] ?? "A") + text;
  return text;
}

function number(text: string): number {
  return Array.from(text).reduce((sum, digit) => sum * 64 + DIGITS.indexOf(digit), 0);
}
