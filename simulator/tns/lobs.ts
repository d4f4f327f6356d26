import type { LobValue } from "../engine/values.ts";
import { OraError } from "../engine/ora-error.ts";

export const LOCATOR = 40;
const TEMPORARY_AT = 7;
const NUMBER_AT = 20;

/** The LOBs of one session that the client knows by a locator. */
export class Lobs {
  readonly #byLocator = new Map<string, StoredLob>();
  #last = 0;

  get count(): number {
    return this.#byLocator.size;
  }

  add(value: LobValue, temporary: boolean): Buffer {
    const locator = Buffer.alloc(LOCATOR);
    locator.writeUInt16BE(LOCATOR - 2, 0);
    if (temporary) locator[TEMPORARY_AT] = 1;
    this.#last += 1;
    locator.writeUInt32BE(this.#last, NUMBER_AT);
    this.#byLocator.set(locator.toString("hex"), new StoredLob(value));
    return locator;
  }

  /** Throws ORA-22275 for a locator that was never given out or was freed. */
  get(locator: string): StoredLob {
    const lob = this.#byLocator.get(locator);
    if (lob === undefined) throw new OraError(22_275, "invalid LOB locator specified");
    return lob;
  }

  /** Frees every locator in the bytes, which hold them back to back. */
  free(locators: Buffer): void {
    for (let start = 0; start < locators.length; start += LOCATOR) {
      this.#byLocator.delete(locators.toString("hex", start, start + LOCATOR));
    }
  }
}

/** Content of a LOB. Offsets count from 1: bytes of a BLOB, characters of a CLOB. */
export class StoredLob {
  readonly kind: LobValue["kind"];
  #bytes: Buffer;
  /** A CLOB as text: positions are characters. Made when first asked for. */
  #text: string | undefined;

  constructor(value: LobValue) {
    this.kind = value.kind;
    this.#bytes = value.data;
  }

  get value(): LobValue {
    return { kind: this.kind, data: this.#bytes };
  }

  get length(): number {
    return this.kind === "clob" ? this.#asText().length : this.#bytes.length;
  }

  read(offset: number, amount: number): Buffer {
    const start = Math.max(0, offset - 1);
    if (this.kind === "clob") return Buffer.from(this.#asText().slice(start, start + amount));
    return this.#bytes.subarray(start, start + amount);
  }

  write(offset: number, data: Buffer): void {
    const start = Math.max(0, offset - 1);
    if (this.kind === "clob") {
      const text = this.#asText().padEnd(start, " ");
      const added = data.toString("utf8");
      this.#setText(text.slice(0, start) + added + text.slice(start + added.length));
      return;
    }
    const grown = Buffer.alloc(Math.max(this.#bytes.length, start + data.length));
    this.#bytes.copy(grown);
    data.copy(grown, start);
    this.#bytes = grown;
  }

  trim(length: number): void {
    if (this.kind === "clob") this.#setText(this.#asText().slice(0, length));
    else this.#bytes = this.#bytes.subarray(0, length);
  }

  #asText(): string {
    this.#text ??= this.#bytes.toString("utf8");
    return this.#text;
  }

  #setText(text: string): void {
    this.#text = text;
    this.#bytes = Buffer.from(text);
  }
}
