import { editDistance } from "./suggest.ts";

const MASK = "…";
/** A reference alone: a second key beside it may hold anything. */
const REFERENCE = /^\{\s*["']?(credential|file|env|exec)["']?\s*:[^{}:]*\}/;
const REFERENCE_KEYS = /^\s*-?\s*["']?(credential|file|env|exec)["']?\s*:/;

/**
 * One line of a configuration file, fit to be shown: what follows a key that may stand for a password is masked,
 * misspelt or not, and so is a password inside a connect string. Works on text, because a file with a syntax
 * error has no values yet. `showUntil` is the first column that is not shown, where the caller knows better.
 */
export function maskedLine(text: string, line: number, showUntil = Infinity): string {
  const lines = text.split(/\r?\n/);
  const shown = lines[line - 1] ?? "";
  const above = lines.slice(0, line - 1).findLast((candidate) => candidate.trim() !== "") ?? "";
  if (continuesSecret(above, shown)) return shown.replace(/\S.*$/, MASK);
  const bare = /^[\s:,}\]]*$/.test(shown.slice(showUntil - 1));
  const cut = bare ? shown : shown.slice(0, showUntil - 1) + MASK;
  return maskedConnect(maskedValues(cut)).replaceAll("\t", " ");
}

function maskedValues(line: string): string {
  for (const match of line.matchAll(/([\w-]+)["']?\s*:\s*/g)) {
    const end = match.index + match[0].length;
    if (!isSecretKey(match[1] ?? "") || end >= line.length) continue;
    if (!REFERENCE.test(line.slice(end))) return line.slice(0, end) + MASK;
  }
  return line;
}

function maskedConnect(line: string): string {
  return line.replace(/([\w$#"]+)\/(?!\/)[^\s@/]+@/g, `$1/${MASK}@`);
}

function continuesSecret(above: string, shown: string): boolean {
  const match = /([\w-]+)["']?\s*:\s*([|>][+-]?\d?)?\s*$/.exec(above);
  return match !== null && isSecretKey(match[1] ?? "") && !REFERENCE_KEYS.test(shown);
}

function isSecretKey(key: string): boolean {
  return /pass|pwd|secret|token/i.test(key) || editDistance(key.toLowerCase(), "password") <= 3;
}
