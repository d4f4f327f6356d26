/** More bytes are needed: the request goes on in the next packet. */
export class Underrun extends Error {
  constructor(offset: number, wanted: number) {
    super(`the request ends at byte ${offset} where ${wanted} more are wanted`);
    this.name = "Underrun";
  }
}

/** Bytes that no client of this protocol sends. The connection is closed, nothing else happens. */
export class MalformedRequest extends Error {
  override readonly name = "MalformedRequest";
}

const LONGEST_INTEGER = 8;

/** Reads the primitive encodings of one request, front to back (docs: the wire, primitive encodings). */
export class TtcReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** The next byte, without taking it. */
  peek(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new Underrun(this.#offset, 1);
    return byte;
  }

  u8(): number {
    const byte = this.peek();
    this.#offset += 1;
    return byte;
  }

  u16be(): number {
    return this.raw(2).readUInt16BE(0);
  }

  u16le(): number {
    return this.raw(2).readUInt16LE(0);
  }

  raw(length: number): Buffer {
    if (this.left < length) throw new Underrun(this.#offset, length);
    const slice = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return slice;
  }

  skip(length: number): void {
    this.raw(length);
  }

  /** Length byte (top bit: negative), then that many bytes, big endian. */
  int(): number {
    const head = this.u8();
    const length = head & 0x7f;
    if (length > LONGEST_INTEGER) throw new MalformedRequest(`an integer of ${length} bytes`);
    let value = 0;
    for (const byte of this.raw(length)) value = value * 256 + byte;
    return head & 0x80 ? -value : value;
  }

  skipInts(count: number): void {
    for (let i = 0; i < count; i += 1) this.int();
  }

  /** Byte string; null for length 0 and 255. Length 254 announces chunks. */
  bytes(): Buffer | null {
    const length = this.u8();
    if (length === 0 || length === 255) return null;
    if (length !== 254) return this.raw(length);
    const chunks: Buffer[] = [];
    for (let size = this.int(); size !== 0; size = this.int()) {
      if (size < 0) throw new MalformedRequest("a chunk of negative length");
      chunks.push(this.raw(size));
    }
    return Buffer.concat(chunks);
  }

  text(): string {
    return this.bytes()?.toString("utf8") ?? "";
  }

  /** Text with its length told twice; the first is only a sign that it is there. */
  longText(): string {
    return this.int() > 0 ? this.text() : "";
  }

  /** Text up to the next NUL. */
  zeroEnded(): string {
    const start = this.#offset;
    while (this.u8() !== 0);
    return this.#bytes.toString("latin1", start, this.#offset - 1);
  }
}
