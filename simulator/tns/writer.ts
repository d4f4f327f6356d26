import { encodeNumber } from "./number.ts";

/** Length bytes from 253 on have other meanings. */
const LONGEST_SHORT = 252;
const CHUNK = 32_767;

/** Builds one response. Grows as needed; `mark` and `rewind` let rows be rewritten in place. */
export class TtcWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written: a view, valid until the next write. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets everything from `length` on. */
  rewind(length: number): void {
    this.#length = length;
  }

  u8(value: number): this {
    this.#room(1);
    this.#bytes[this.#length] = value & 0xff;
    this.#length += 1;
    return this;
  }

  u16be(value: number): this {
    return this.u8(value >>> 8).u8(value);
  }

  u16le(value: number): this {
    return this.u8(value).u8(value >>> 8);
  }

  u32be(value: number): this {
    return this.u16be(value >>> 16).u16be(value);
  }

  raw(bytes: Buffer): this {
    this.#room(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** Shortest form. The driver reads at most six bytes of magnitude. */
  int(value: number): this {
    const magnitude = Math.abs(value);
    if (magnitude === 0) return this.u8(0);
    let size = 1;
    for (let rest = Math.floor(magnitude / 256); rest > 0; rest = Math.floor(rest / 256)) size += 1;
    if (size > 6) throw new RangeError(`an integer of ${size} bytes cannot be sent`);
    this.u8(size | (value < 0 ? 0x80 : 0));
    this.#room(size);
    this.#bytes.writeUIntBE(magnitude, this.#length, size);
    this.#length += size;
    return this;
  }

  ints(...values: readonly number[]): this {
    for (const value of values) this.int(value);
    return this;
  }

  bytes(value: Buffer | null): this {
    if (value === null || value.length === 0) return this.u8(0);
    if (value.length <= LONGEST_SHORT) return this.u8(value.length).raw(value);
    this.u8(254);
    for (let start = 0; start < value.length; start += CHUNK) {
      const chunk = value.subarray(start, start + CHUNK);
      this.int(chunk.length).raw(chunk);
    }
    return this.int(0);
  }

  text(value: string): this {
    const size = Buffer.byteLength(value);
    if (size === 0 || size > LONGEST_SHORT) return this.bytes(Buffer.from(value));
    this.#room(size + 1);
    this.#bytes[this.#length] = size;
    this.#bytes.write(value, this.#length + 1, "utf8");
    this.#length += size + 1;
    return this;
  }

  /** Text with its length told twice. */
  longText(value: string): this {
    return value === "" ? this.int(0) : this.int(Buffer.byteLength(value)).text(value);
  }

  number(value: string | number | bigint): this {
    return this.bytes(encodeNumber(value));
  }

  /** True where the two stretches of what was written hold the same bytes. */
  same(startA: number, startB: number, length: number): boolean {
    for (let i = 0; i < length; i += 1) {
      if (this.#bytes[startA + i] !== this.#bytes[startB + i]) return false;
    }
    return true;
  }

  #room(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, wanted));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
