import { randomBytes } from "node:crypto";

import { fail } from "../errors.ts";
import type { FunctionArgument, SqlFunction } from "./function-context.ts";
import { numberText, storedNumber } from "./stored-value.ts";

type Numeric = bigint | number;

function strict(of: (...args: FunctionArgument[]) => FunctionArgument): SqlFunction {
  return (_, ...args) => (args.includes(null) ? null : of(...args));
}

const real = (value: FunctionArgument | undefined): number => Number(value ?? 0);
const result = (value: number): Numeric => storedNumber(value);

function divide(left: FunctionArgument | undefined, right: FunctionArgument | undefined): Numeric {
  if (real(right) === 0) throw fail(1476);
  if (typeof left === "bigint" && typeof right === "bigint" && left % right === 0n) return left / right;
  return result(real(left) / real(right));
}

function mod(left: FunctionArgument | undefined, right: FunctionArgument | undefined): Numeric {
  if (typeof left === "bigint" && typeof right === "bigint") return right === 0n ? left : left % right;
  return real(right) === 0 ? result(real(left)) : result(real(left) % real(right));
}

/** Half away from zero, at a decimal place that may be negative. */
function rounded(
  value: FunctionArgument | undefined,
  places: FunctionArgument | undefined,
  how: (size: number) => number,
): Numeric {
  const at = real(places);
  if (typeof value === "bigint" && at >= 0) return value;
  const size = Number(`${numberText(Math.abs(real(value)))}e${at}`);
  const whole = Number.isNaN(size) ? Math.abs(real(value)) : how(size);
  return result(Math.sign(real(value)) * Number(`${whole}e${-at}`));
}

function extreme(
  args: readonly FunctionArgument[],
  better: (left: FunctionArgument, right: FunctionArgument) => boolean,
): FunctionArgument {
  return args.reduce<FunctionArgument>((best, arg) => (better(arg, best) ? arg : best), args[0] ?? null);
}

/** `v` of a subquery that had `n` rows. */
function single(value: FunctionArgument | undefined, rows: FunctionArgument | undefined): FunctionArgument {
  if (real(rows) > 1) throw fail(1427);
  return value ?? null;
}

export const numberFunctions: Readonly<Record<string, SqlFunction>> = {
  ora_divide: strict(divide),
  ora_mod: strict(mod),
  ora_round: strict((value, places) => rounded(value, places, Math.round)),
  ora_trunc: strict((value, places) => rounded(value, places, Math.trunc)),
  ora_ceil: strict((value) => (typeof value === "bigint" ? value : result(Math.ceil(real(value))))),
  ora_floor: strict((value) => (typeof value === "bigint" ? value : result(Math.floor(real(value))))),
  ora_power: strict((base, exponent) => result(real(base) ** real(exponent))),
  ora_bitand: strict(
    (left, right) => BigInt(numberText(left as bigint)) & BigInt(numberText(right as bigint)),
  ),
  ora_greatest: strict((...args) => extreme(args, (left, right) => (left ?? 0) > (right ?? 0))),
  ora_least: strict((...args) => extreme(args, (left, right) => (left ?? 0) < (right ?? 0))),
  ora_to_number: strict((value) => storedNumber(typeof value === "string" ? value : (value as Numeric))),
  ora_number_text: strict((value) => numberText(value as Numeric).replace(/^(-?)0\./, "$1.")),
  ora_single: (_, value, rows) => single(value, rows),
  ora_random: (_, low = 0n, high = 1n) =>
    real(low) + (randomBytes(4).readUInt32BE() / 2 ** 32) * (real(high) - real(low)),
  ora_sys_guid: () => new Uint8Array(randomBytes(16)),
};
