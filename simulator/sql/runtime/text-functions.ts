import { createHash } from "node:crypto";

import { fail } from "../errors.ts";
import type { FunctionArgument, SqlFunction } from "./function-context.ts";
import { numberText } from "./stored-value.ts";

const empty = (text: string): string | null => (text === "" ? null : text);
const string = (value: FunctionArgument | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString("hex").toUpperCase() : numberText(value ?? "");

/** NULL for a NULL argument, as nearly all functions of text do. */
function strict(of: (...args: FunctionArgument[]) => FunctionArgument): SqlFunction {
  return (_, ...args) => (args.includes(null) ? null : of(...args));
}

function substr(
  value: FunctionArgument | undefined,
  from: FunctionArgument | undefined,
  length?: FunctionArgument,
): string | null {
  const text = Array.from(string(value));
  const start = Math.trunc(Number(from));
  const begin = start > 0 ? start - 1 : start < 0 ? text.length + start : 0;
  if (begin < 0) return null;
  const count = length === undefined ? text.length : Math.trunc(Number(length));
  return count < 1 ? null : empty(text.slice(begin, begin + count).join(""));
}

function instr(
  value: FunctionArgument | undefined,
  searched: FunctionArgument | undefined,
  from: FunctionArgument = 1n,
  nth: FunctionArgument = 1n,
): bigint {
  const text = string(value);
  const what = string(searched);
  const start = Number(from);
  let at = start < 0 ? text.length + start + 1 : start - 1;
  for (let left = Number(nth); left > 0; left -= 1) {
    at = start < 0 ? text.lastIndexOf(what, at - 1) : text.indexOf(what, left === Number(nth) ? at : at + 1);
    if (at < 0) return 0n;
  }
  return BigInt(at + 1);
}

function trimmed(
  value: FunctionArgument | undefined,
  set: FunctionArgument | undefined,
  left: boolean,
  right: boolean,
): string | null {
  const characters = set === undefined ? " " : string(set);
  const text = string(value);
  let [from, to] = [0, text.length];
  const removed = (at: number) => from < to && characters.includes(text[at] ?? "");
  if (left) while (removed(from)) from += 1;
  if (right) while (removed(to - 1)) to -= 1;
  return empty(text.slice(from, to));
}

function pad(
  value: FunctionArgument | undefined,
  size: FunctionArgument | undefined,
  filler: FunctionArgument | undefined,
  left: boolean,
): string | null {
  const text = string(value);
  const width = Math.trunc(Number(size));
  if (text.length >= width) return empty(text.slice(0, Math.max(width, 0)));
  const fill = filler === undefined ? " " : string(filler);
  return left ? text.padStart(width, fill) : text.padEnd(width, fill);
}

function like(
  value: FunctionArgument | undefined,
  pattern: FunctionArgument | undefined,
  escape: FunctionArgument | undefined,
): bigint | null {
  if (value === null || pattern === null || value === undefined || pattern === undefined) return null;
  let source = "";
  const characters = Array.from(string(pattern));
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (escape !== null && character === escape)
      source += (characters[(at += 1)] ?? "").replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
    else if (character === "%") source += "[\\s\\S]*";
    else if (character === "_") source += "[\\s\\S]";
    else source += character.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
  }
  return new RegExp(`^${source}$`, "u").test(string(value)) ? 1n : 0n;
}

function translate(
  value: FunctionArgument | undefined,
  from: FunctionArgument | undefined,
  to: FunctionArgument | undefined,
): string | null {
  const [source, target] = [Array.from(string(from)), Array.from(string(to))];
  return empty(
    Array.from(string(value))
      .map((character) => {
        const at = source.indexOf(character);
        return at < 0 ? character : (target[at] ?? "");
      })
      .join(""),
  );
}

function oraHash(value: FunctionArgument, buckets: FunctionArgument = 4_294_967_295n): bigint {
  const hash = createHash("md5").update(string(value)).digest().readUInt32BE();
  return BigInt(hash) % (BigInt(string(buckets)) + 1n);
}

function hexToRaw(value: FunctionArgument | undefined): Uint8Array {
  const text = string(value);
  if (!/^[0-9a-f]*$/i.test(text)) throw fail(1465);
  return new Uint8Array(Buffer.from(text.length % 2 === 1 ? `0${text}` : text, "hex"));
}

const initcap = (text: string) =>
  text.toLowerCase().replaceAll(/(?<![\p{L}\p{N}])\p{L}/gu, (letter) => letter.toUpperCase());

export const textFunctions: Readonly<Record<string, SqlFunction>> = {
  ora_concat: (_, ...args) => empty(args.map((arg) => string(arg)).join("")),
  ora_upper: strict((value) => string(value).toUpperCase()),
  ora_lower: strict((value) => string(value).toLowerCase()),
  ora_initcap: strict((value) => initcap(string(value))),
  ora_substr: strict((value, from, length) => substr(value, from, length)),
  ora_instr: strict((value, searched, from, nth) => instr(value, searched, from, nth)),
  ora_length: strict((value) => BigInt(Array.from(string(value)).length)),
  ora_lengthb: strict((value) =>
    BigInt(value instanceof Uint8Array ? value.length : Buffer.byteLength(string(value))),
  ),
  ora_trim: strict((value, set) => trimmed(value, set, true, true)),
  ora_ltrim: strict((value, set) => trimmed(value, set, true, false)),
  ora_rtrim: strict((value, set) => trimmed(value, set, false, true)),
  ora_lpad: strict((value, size, filler) => pad(value, size, filler, true)),
  ora_rpad: strict((value, size, filler) => pad(value, size, filler, false)),
  ora_replace: (_, value, from, to) =>
    value === null || from === null || from === undefined
      ? (value ?? null)
      : empty(string(value).replaceAll(string(from), string(to ?? ""))),
  ora_translate: strict(translate),
  ora_ascii: strict((value) => BigInt(string(value).codePointAt(0) ?? 0)),
  ora_chr: strict((value) => String.fromCodePoint(Number(value))),
  ora_like: (_, value, pattern, escape) => like(value, pattern, escape ?? null),
  ora_regexp_replace: strict((value, pattern, by = "") =>
    empty(
      string(value).replaceAll(
        new RegExp(string(pattern), "gu"),
        string(by)
          .replaceAll("$", "$$$$")
          .replaceAll(/\\(\d)/g, "$$$1"),
      ),
    ),
  ),
  ora_regexp_substr: strict((value, pattern) =>
    empty(new RegExp(string(pattern), "u").exec(string(value))?.[0] ?? ""),
  ),
  ora_ora_hash: strict((value, buckets) => oraHash(value ?? null, buckets)),
  ora_standard_hash: strict(
    (value, method = "SHA1") =>
      new Uint8Array(createHash(string(method).toLowerCase()).update(string(value)).digest()),
  ),
  ora_hextoraw: strict(hexToRaw),
  ora_dump: (_, value) =>
    value === null
      ? "NULL"
      : `Len=${Buffer.byteLength(string(value))}: ${[...Buffer.from(string(value))].join(",")}`,
};
