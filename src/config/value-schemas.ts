import { posix } from "node:path";

import { z } from "zod";

import { DURATION_PATTERN, parseDuration } from "./duration.ts";
import { parseSize, SIZE_PATTERN } from "./size.ts";

/** Node's timers hold no more than 2^31 ms; a deadline near that protects nobody. */
const MAX_DEADLINE_MS = 7 * 86_400_000;
/** Name of a database, storage or host: it becomes part of a path and of a command line. */
const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

export const name = z
  .string({ error: "must be a text" })
  .regex(NAME_PATTERN, { error: "must be a name: a letter, then letters, digits, _ or -, at most 64" });

export const text = z
  .string({ error: "must be a text" })
  .min(1, { error: "must not be empty" })
  .refine((value) => !value.includes("\0"), { error: "must not hold a NUL character" });

export const absolutePath = text
  .refine((value) => posix.isAbsolute(value), { error: "must be an absolute path" })
  .transform((value) => posix.normalize(value).replace(/(?<=.)\/$/, ""));

export const duration = z
  .string({ error: "must have a unit: 30s, 10m, 2h" })
  .meta({ pattern: DURATION_PATTERN })
  .transform((value, context) => {
    const ms = parseDuration(value);
    const wrong =
      ms === undefined
        ? "must be a number with a unit: 30s, 10m, 2h"
        : ms < 1000 || ms > MAX_DEADLINE_MS
          ? "must be at least 1s and at most 7d"
          : undefined;
    if (wrong !== undefined) context.issues.push({ code: "custom", message: wrong, input: value });
    return ms ?? 0;
  });

/** Ten years: what is kept, not what is waited for. */
const MAX_KEPT_MS = 3653 * 86_400_000;

export const longDuration = z
  .string({ error: "must have a unit: 12h, 14d" })
  .meta({ pattern: DURATION_PATTERN })
  .transform((value, context) => {
    const ms = parseDuration(value);
    const wrong =
      ms === undefined
        ? "must be a number with a unit: 12h, 14d"
        : ms > MAX_KEPT_MS
          ? "must be at most 3653d"
          : undefined;
    if (wrong !== undefined) context.issues.push({ code: "custom", message: wrong, input: value });
    return ms ?? 0;
  });

export const zone = z
  .string({ error: "must be a text" })
  .refine(isZone, { error: "must be a time zone: UTC, Europe/Berlin" });

function isZone(given: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: given }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export const size = z
  .string({ error: "must have a unit: 500GiB" })
  .meta({ pattern: SIZE_PATTERN })
  .transform((value, context) => {
    const bytes = parseSize(value);
    if (bytes === undefined) {
      const message = "must be a whole number with a unit: B, KiB, MiB, GiB or TiB";
      context.issues.push({ code: "custom", message, input: value });
    }
    return bytes ?? 0;
  });

/** One of a few words; another one is told which they are. */
export function choice<const T extends readonly [string, string, ...string[]]>(words: T) {
  const last = words.at(-1) ?? "";
  const all = words.length === 2 ? words.join(" or ") : `one of ${words.slice(0, -1).join(", ")}, ${last}`;
  return z.enum(words, { error: `must be ${all}` });
}

/** A program and its words: nothing of it goes through a shell of ours. */
export const words = z
  .array(text, { error: "must be a list: the program and its arguments" })
  .min(1, { error: "must be a list: the program and its arguments" });
