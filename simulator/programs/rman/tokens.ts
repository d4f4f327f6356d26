import { syntaxError } from "./rman-error.ts";

/** A word, a quoted text or a sign of a script. */
export interface Token {
  /** Without quotes. */
  readonly text: string;
  readonly quoted: boolean;
  /** Where it begins and ends in the script. */
  readonly from: number;
  readonly to: number;
}

const TOKEN = /\s+|#[^\n]*|'([^']*)'|"([^"]*)"|[;{},()=]|[^\s;{},()='"#][^\s;{},()='"]*/gu;

/** Cuts a script into tokens; comments and white space go. RMAN-01009 where a quote is never closed. */
export function tokensOf(script: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const found of script.matchAll(TOKEN)) {
    if (found.index !== at) throw syntaxError(script.slice(at, at + 1), script, at);
    at = found.index + found[0].length;
    const quoted = found[1] ?? found[2];
    const nothing = /^\s|^#/u.test(found[0]);
    if (!nothing)
      tokens.push({
        text: quoted ?? found[0],
        quoted: quoted !== undefined,
        from: found.index,
        to: at,
      });
  }
  if (at < script.length) throw syntaxError(script.slice(at, at + 1), script, at);
  return tokens;
}
