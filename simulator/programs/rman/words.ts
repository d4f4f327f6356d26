import { syntaxError } from "./rman-error.ts";
import type { Token } from "./tokens.ts";

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** The tokens of one command, taken from left to right. */
export class Words {
  readonly #tokens: readonly Token[];
  readonly #script: string;
  #at = 0;

  constructor(tokens: readonly Token[], script: string) {
    this.#tokens = tokens;
    this.#script = script;
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** The next word in lower case; empty where a quoted text, or nothing, is next. */
  get next(): string {
    const token = this.#tokens[this.#at];
    return token === undefined || token.quoted ? "" : token.text.toLowerCase();
  }

  /** Takes these words where they come next, all or none. */
  accept(phrase: string): boolean {
    const wanted = phrase.split(" ");
    const found = this.#tokens.slice(this.#at, this.#at + wanted.length);
    const same = wanted.every(
      (word, i) => found[i]?.quoted === false && found[i].text.toLowerCase() === word,
    );
    if (same) this.#at += wanted.length;
    return same;
  }

  expect(phrase: string): void {
    if (!this.accept(phrase)) throw this.unexpected();
  }

  /** A name, path, tag or number, quoted or not. */
  value(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || (!token.quoted && /^[;{},()=]$/u.test(token.text))) throw this.unexpected();
    this.#at += 1;
    return token.text;
  }

  list(): string[] {
    const values = [this.value()];
    while (this.accept(",")) values.push(this.value());
    return values;
  }

  number(): number {
    const text = this.next;
    if (!/^\d+$/u.test(text)) throw this.unexpected();
    this.#at += 1;
    return Number(text);
  }

  /** 32g, 512M, or `32 g`. */
  size(): number {
    const [, digits, unit] = /^(\d+)([kmg]?)$/u.exec(this.next) ?? [];
    if (digits === undefined) throw this.unexpected();
    this.#at += 1;
    const factor = unit === "" && /^[kmg]$/u.test(this.next) ? this.value().toLowerCase() : (unit ?? "");
    return Number(digits) * (UNITS[factor] ?? 1);
  }

  end(): void {
    if (!this.ended) throw this.unexpected();
  }

  unexpected(): Error {
    const token = this.#tokens[this.#at];
    const last = this.#tokens.at(-1);
    return syntaxError(token?.text ?? ";", this.#script, token?.from ?? last?.to ?? 0);
  }
}
