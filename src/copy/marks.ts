import { createCipheriv } from "node:crypto";

/**
 * A file is compared in pieces of this size: with one block in a hundred changed at random, one piece in thirteen is
 * written. Smaller ones cost more for each mark than for what it reads.
 */
export const PIECE_BYTES = 65_536;

export const KEY_BYTES = 16;
const MARK_BYTES = 16;
const NONCE_BYTES = 12;
const MAGIC = Buffer.from("UMBRA-MARKS-0001");
const HEAD_BYTES = MAGIC.length + KEY_BYTES + 8;

/**
 * Marks of the pieces of one file under one key: GMAC, a keyed hash of 128 bits that processors compute faster than they
 * read memory. Two different pieces have the same mark with a chance below 2^-110, whatever they hold, because the key is
 * random and made for this file.
 */
export class Marks {
  readonly key: Buffer;
  /** Bytes of the file that they describe. */
  bytes: number;
  #table: Buffer;

  constructor(key: Buffer, bytes: number, table?: Buffer) {
    this.key = key;
    this.bytes = bytes;
    this.#table = table ?? Buffer.alloc(piecesOf(bytes) * MARK_BYTES);
  }

  of(piece: Uint8Array, index: number): Buffer {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt32LE(index, 0);
    const cipher = createCipheriv("aes-128-gcm", this.key, nonce);
    cipher.setAAD(piece);
    cipher.final();
    return cipher.getAuthTag();
  }

  /** False also for a piece that had another length, or is new. */
  isAt(index: number, mark: Buffer): boolean {
    const at = index * MARK_BYTES;
    return at + MARK_BYTES <= this.#table.length && mark.equals(this.#table.subarray(at, at + MARK_BYTES));
  }

  note(index: number, mark: Buffer): void {
    mark.copy(this.#table, index * MARK_BYTES);
  }

  /** For a file that grew or shrank; the marks of what is left stay. */
  resize(bytes: number): void {
    const table = Buffer.alloc(piecesOf(bytes) * MARK_BYTES);
    this.#table.copy(table);
    this.#table = table;
    this.bytes = bytes;
  }

  toBuffer(): Buffer {
    const head = Buffer.alloc(HEAD_BYTES);
    MAGIC.copy(head);
    this.key.copy(head, MAGIC.length);
    head.writeBigUInt64LE(BigInt(this.bytes), MAGIC.length + KEY_BYTES);
    return Buffer.concat([head, this.#table]);
  }

  /** undefined where it is no whole file of marks. */
  static from(content: Buffer): Marks | undefined {
    if (content.length < HEAD_BYTES || !content.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const key = content.subarray(MAGIC.length, MAGIC.length + KEY_BYTES);
    const bytes = Number(content.readBigUInt64LE(MAGIC.length + KEY_BYTES));
    const table = content.subarray(HEAD_BYTES);
    if (table.length !== piecesOf(bytes) * MARK_BYTES) return undefined;
    return new Marks(Buffer.from(key), bytes, Buffer.from(table));
  }
}

function piecesOf(bytes: number): number {
  return Math.ceil(bytes / PIECE_BYTES);
}
