import { failAt } from "../errors.ts";
import { tokenize, type Token } from "./tokens.ts";

export interface Name {
  readonly value: string;
  readonly position: number;
}

const UNITS: Readonly<Record<string, number>> = {
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
  P: 1024 ** 5,
};

/** A place in a statement. `accept…` moves on only when all of what was asked for is there. */
export class TokenCursor {
  readonly sql: string;
  readonly tokens: readonly Token[];
  index = 0;
  /** Code of the error for anything that does not fit; a statement family sets its own. */
  syntaxError = 900;

  constructor(sql: string) {
    this.sql = sql;
    this.tokens = tokenize(sql);
  }

  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)];
    if (token === undefined) throw failAt(0, 900);
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  isWord(...words: readonly string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.peek(ahead);
      return token.kind === "word" && token.value === word;
    });
  }

  isOp(op: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "op" && token.value === op;
  }

  accept(...words: readonly string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.index += words.length;
    return true;
  }

  /** The first of the words that is there. */
  acceptOne<const W extends string>(...words: readonly W[]): W | undefined {
    return words.find((word) => this.accept(word));
  }

  acceptOp(op: string): boolean {
    if (!this.isOp(op)) return false;
    this.index += 1;
    return true;
  }

  expect(...words: readonly string[]): void {
    if (!this.accept(...words)) throw this.unexpected();
  }

  expectOp(op: string, code = this.syntaxError): void {
    if (!this.acceptOp(op)) throw failAt(this.peek().start, code);
  }

  /** An identifier, upper case unless quoted. */
  name(code = this.syntaxError): Name {
    const token = this.peek();
    if (token.kind !== "word" && token.kind !== "quoted") throw failAt(token.start, code);
    this.index += 1;
    return { value: token.value, position: token.start };
  }

  acceptString(): string | undefined {
    return this.peek().kind === "string" ? this.next().value : undefined;
  }

  string(): string {
    const value = this.acceptString();
    if (value === undefined) throw this.unexpected();
    return value;
  }

  integer(): number {
    const token = this.peek();
    if (token.kind !== "number" || !/^\d+$/.test(token.value)) throw this.unexpected();
    this.index += 1;
    return Number(token.value);
  }

  scn(): bigint {
    const token = this.peek();
    if (token.kind !== "number" || !/^\d+$/.test(token.value)) throw this.unexpected();
    this.index += 1;
    return BigInt(token.value);
  }

  /** A size: 10485760, 10M, 2 G. */
  bytes(): number {
    const count = this.integer();
    const unit = this.peek();
    const factor = unit.kind === "word" ? UNITS[unit.value] : undefined;
    if (factor === undefined) return count;
    this.index += 1;
    return count * factor;
  }

  /** Nothing but a closing semicolon may follow. */
  end(code = this.syntaxError): void {
    if (this.peek().kind !== "end") throw failAt(this.peek().start, code);
  }

  unexpected(): Error {
    return failAt(this.peek().start, this.syntaxError);
  }

  /** Text of the tokens from `from` up to here, without spaces, upper case outside quotes: Oracle's name of an expression. */
  label(from: number): string {
    const parts = this.tokens.slice(from, this.index).map((token) => {
      const text = this.sql.slice(token.start, token.end);
      return token.kind === "string" || token.kind === "quoted" ? text : text.toUpperCase();
    });
    return joined(parts);
  }
}

/** Oracle keeps no blanks, except where two words would run together. */
function joined(parts: readonly string[]): string {
  let text = "";
  for (const part of parts) {
    if (/[\p{L}\p{N}_$#]$/u.test(text) && /^[\p{L}\p{N}_$#]/u.test(part)) text += " ";
    text += part;
  }
  return text;
}
