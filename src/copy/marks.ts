import { createCipheriv, createSecretKey, type KeyObject } from "node:crypto";

/**
 * Pieces of this size are written. Smaller ones cost more for each mark than for what it reads; with one block in a
 * hundred changed at random, one piece in 25 is written.
 */
export const PIECE_BYTES = 32_768;
/** Most of a file did not change: that is seen by marks of so many bytes, which cost half. */
const GROUP_BYTES = 4 * PIECE_BYTES;

export const KEY_BYTES = 16;
const MARK_BYTES = 16;
const NONCE_BYTES = 12;
const MAGIC = Buffer.from("UMBRA-MARKS-0003");
const HEAD_BYTES = MAGIC.length + KEY_BYTES + 8;

/**
 * Marks of one file under one key: GMAC, a keyed hash of 128 bits that processors compute about as fast as they read
 * memory. Two different pieces have the same mark with a chance below 2^-110, whatever they hold, because the key is
 * random and made for this file. The tables are shared with threads.
 */
export interface Marks {
  readonly key: Uint8Array;
  /** Bytes of the file that they describe. */
  readonly bytes: number;
  readonly pieces: SharedArrayBuffer;
  readonly groups: SharedArrayBuffer;
}

export function noMarks(key: Uint8Array, bytes: number): Marks {
  return { key, bytes, pieces: table(bytes, PIECE_BYTES), groups: table(bytes, GROUP_BYTES) };
}

/** For a file that grew or shrank; the marks of what is left stay. */
export function resized(marks: Marks, bytes: number): Marks {
  const fresh = noMarks(marks.key, bytes);
  for (const name of ["pieces", "groups"] as const) {
    const kept = Math.min(marks[name].byteLength, fresh[name].byteLength);
    new Uint8Array(fresh[name]).set(new Uint8Array(marks[name], 0, kept));
  }
  return fresh;
}

export function markOf(key: KeyObject, piece: Uint8Array, index: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt32LE(index, 0);
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  cipher.setAAD(piece);
  cipher.final();
  return cipher.getAuthTag();
}

/**
 * Offsets in the content of the pieces that have another mark than is stored; their new ones are stored. `position` is
 * a multiple of the group's size.
 */
export function changedPieces(
  { key, pieces, groups }: Omit<Marks, "bytes">,
  content: Uint8Array,
  position: number,
): readonly number[] {
  const changed: number[] = [];
  // A cipher with a key of this kind is made in a fifth of the time.
  const secret = createSecretKey(key);
  for (let from = 0; from < content.length; from += GROUP_BYTES) {
    const group = content.subarray(from, Math.min(content.length, from + GROUP_BYTES));
    if (!noted(groups, secret, group, (position + from) / GROUP_BYTES)) continue;
    for (let offset = 0; offset < group.length; offset += PIECE_BYTES) {
      const piece = group.subarray(offset, Math.min(group.length, offset + PIECE_BYTES));
      if (noted(pieces, secret, piece, (position + from + offset) / PIECE_BYTES)) changed.push(from + offset);
    }
  }
  return changed;
}

/** True where the mark is another than the stored one, which it replaces. */
function noted(stored: SharedArrayBuffer, key: KeyObject, content: Uint8Array, index: number): boolean {
  const mark = markOf(key, content, index);
  const place = Buffer.from(stored, index * MARK_BYTES, MARK_BYTES);
  if (mark.equals(place)) return false;
  mark.copy(place);
  return true;
}

export function marksFile({ key, bytes, pieces, groups }: Marks): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.set(key, MAGIC.length);
  head.writeBigUInt64LE(BigInt(bytes), MAGIC.length + KEY_BYTES);
  return Buffer.concat([head, Buffer.from(pieces), Buffer.from(groups)]);
}

/** undefined where it is no whole file of marks. */
export function readMarks(content: Buffer): Marks | undefined {
  if (content.length < HEAD_BYTES || !content.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const key = Uint8Array.from(content.subarray(MAGIC.length, MAGIC.length + KEY_BYTES));
  const marks = noMarks(key, Number(content.readBigUInt64LE(MAGIC.length + KEY_BYTES)));
  const { pieces, groups } = marks;
  if (content.length !== HEAD_BYTES + pieces.byteLength + groups.byteLength) return undefined;
  new Uint8Array(pieces).set(content.subarray(HEAD_BYTES, HEAD_BYTES + pieces.byteLength));
  new Uint8Array(groups).set(content.subarray(HEAD_BYTES + pieces.byteLength));
  return marks;
}

function table(bytes: number, size: number): SharedArrayBuffer {
  return new SharedArrayBuffer(Math.ceil(bytes / size) * MARK_BYTES);
}
