import { failAt } from "../errors.ts";

type TokenKind = "word" | "quoted" | "string" | "number" | "bind" | "op" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Words in upper case; quoted names, strings and binds without their marks (binds in upper case). */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const LONG_OPERATORS = [":=", "=>", "||", "<>", "!=", "^=", "~=", "<=", ">=", "**", ".."];
const CLOSERS: Readonly<Record<string, string>> = { "[": "]", "(": ")", "{": "}", "<": ">" };
const WORD = /[\p{L}_][\p{L}\p{N}_$#]*/uy;
const NUMBER = /(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?(?![\p{L}\p{N}_$#])|\d+/uy;
const BIND = /:\s*(?:"([^"]+)"|([\p{L}\p{N}_$#]+))/uy;
const SPACE = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const ALTERNATIVE_QUOTE = /[nN]?[qQ]'/y;

/** Tokens of a statement, comments and hints left out, closed by an `end` token. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(SPACE, sql, at)?.[0].length ?? 0;
    if (at >= sql.length) break;
    const token = readToken(sql, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", value: "", start: sql.length, end: sql.length });
  return tokens;
}

function readToken(sql: string, start: number): Token {
  const alternative = matchAt(ALTERNATIVE_QUOTE, sql, start);
  if (alternative) return alternativeString(sql, start, alternative[0].length);
  const first = sql[start] ?? "";
  if (first === "'") return quotedString(sql, start, start + 1);
  if (/[nN]/.test(first) && sql[start + 1] === "'") return quotedString(sql, start, start + 2);
  if (first === '"') return quotedName(sql, start);
  return (
    readWord(sql, start) ?? readNumber(sql, start) ?? readBind(sql, start) ?? readOperator(sql, start, first)
  );
}

function readWord(sql: string, start: number): Token | undefined {
  const word = matchAt(WORD, sql, start);
  return word
    ? { kind: "word", value: word[0].toUpperCase(), start, end: start + word[0].length }
    : undefined;
}

function readNumber(sql: string, start: number): Token | undefined {
  const number = matchAt(NUMBER, sql, start);
  if (!number) return undefined;
  return { kind: "number", value: number[0].replace(/[fFdD]$/, ""), start, end: start + number[0].length };
}

function readBind(sql: string, start: number): Token | undefined {
  const bind = sql.startsWith(":=", start) ? null : matchAt(BIND, sql, start);
  if (!bind) return undefined;
  return { kind: "bind", value: bind[1] ?? bind[2]?.toUpperCase() ?? "", start, end: start + bind[0].length };
}

function readOperator(sql: string, start: number, first: string): Token {
  const operator = LONG_OPERATORS.find((long) => sql.startsWith(long, start)) ?? first;
  if (operator.length === 1 && !"()+-*/,.;=<>@%?".includes(operator)) throw failAt(start, 911);
  const value = ["!=", "^=", "~="].includes(operator) ? "<>" : operator;
  return { kind: "op", value, start, end: start + operator.length };
}

function quotedString(sql: string, start: number, from: number): Token {
  let value = "";
  let at = from;
  for (;;) {
    const close = sql.indexOf("'", at);
    if (close < 0) throw failAt(start, 1756);
    value += sql.slice(at, close);
    if (sql[close + 1] !== "'") return { kind: "string", value, start, end: close + 1 };
    value += "'";
    at = close + 2;
  }
}

function alternativeString(sql: string, start: number, prefix: number): Token {
  const opener = sql[start + prefix] ?? "";
  const close = sql.indexOf(`${CLOSERS[opener] ?? opener}'`, start + prefix + 1);
  if (opener === "" || close < 0) throw failAt(start, 1756);
  return { kind: "string", value: sql.slice(start + prefix + 1, close), start, end: close + 2 };
}

function quotedName(sql: string, start: number): Token {
  const close = sql.indexOf('"', start + 1);
  if (close < 0) throw failAt(start, 1740);
  return { kind: "quoted", value: sql.slice(start + 1, close), start, end: close + 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
