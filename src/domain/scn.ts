import type { Brand } from "./brand.ts";

/** System change number: 48 bits, 64 bits from 12.2 on. Always a bigint; text in JSON and in the state. */
export type Scn = Brand<bigint, "Scn">;

/** Reads an SCN from its decimal text. `undefined` where the text is no unsigned decimal number. */
export function parseScn(text: string): Scn | undefined {
  return /^\d{1,20}$/.test(text) ? (BigInt(text) as Scn) : undefined;
}

export function scn(value: bigint | number): Scn {
  return BigInt(value) as Scn;
}

export function formatScn(value: Scn): string {
  return value.toString();
}

export function maxScn(values: readonly Scn[]): Scn | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => (b > a ? b : a));
}

export function minScn(values: readonly Scn[]): Scn | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => (b < a ? b : a));
}
