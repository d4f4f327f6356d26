import { readFileSync } from "node:fs";

/**
 * A backup piece of the simulated instance. The layout is its own, Oracle's is not published: a line of JSON, then for
 * each block its number (u4), 1 or 0 (u1), and its bytes where that was 1. 0 stands for a block that was never used.
 */
export interface BackupPiece {
  readonly dbid: number;
  readonly set: number;
  readonly piece: number;
  readonly tag: string;
  readonly files: readonly PieceFile[];
}

export interface PieceFile {
  readonly file: number;
  readonly blockSize: number;
  /** Block 1 as the copy has it after the merge. */
  readonly header: Buffer;
  readonly blocks: readonly PieceBlock[];
}

export interface PieceBlock {
  readonly number: number;
  /** undefined: never used. */
  readonly bytes: Buffer | undefined;
}

const MAGIC = "backup piece of the simulated instance";
const ENTRY_BYTES = 5;

export function encodePiece(piece: BackupPiece): Buffer {
  const head = {
    magic: MAGIC,
    ...piece,
    files: piece.files.map(({ file, blockSize, header, blocks }) => ({
      file,
      blockSize,
      header: header.toString("base64"),
      blocks: blocks.length,
    })),
  };
  const parts: Buffer[] = [Buffer.from(`${JSON.stringify(head)}\n`)];
  for (const { blocks } of piece.files)
    for (const { number, bytes } of blocks) {
      const entry = Buffer.alloc(ENTRY_BYTES);
      entry.writeUInt32LE(number);
      entry.writeUInt8(bytes === undefined ? 0 : 1, 4);
      parts.push(entry);
      if (bytes !== undefined) parts.push(bytes);
    }
  return Buffer.concat(parts);
}

interface PieceHead extends Omit<BackupPiece, "files"> {
  readonly magic: string;
  readonly files: readonly {
    readonly file: number;
    readonly blockSize: number;
    readonly header: string;
    readonly blocks: number;
  }[];
}

/** undefined where it is no piece, or cut off. Throws the errno error where it cannot be read. */
export function readPiece(path: string): BackupPiece | undefined {
  const content = readFileSync(path);
  const end = content.indexOf(0x0a);
  try {
    const head = JSON.parse(content.toString("utf8", 0, end)) as PieceHead;
    if (head.magic !== MAGIC) return undefined;
    let at = end + 1;
    const files = head.files.map(({ file, blockSize, header, blocks: count }) => {
      const blocks: PieceBlock[] = [];
      for (let i = 0; i < count; i += 1) {
        const number = content.readUInt32LE(at);
        const used = content.readUInt8(at + 4) === 1;
        at += ENTRY_BYTES;
        const bytes = used ? content.subarray(at, at + blockSize) : undefined;
        if (bytes !== undefined && bytes.length < blockSize) throw new RangeError("cut off");
        blocks.push({ number, bytes });
        at += bytes?.length ?? 0;
      }
      return { file, blockSize, header: Buffer.from(header, "base64"), blocks };
    });
    return { dbid: head.dbid, set: head.set, piece: head.piece, tag: head.tag, files };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
