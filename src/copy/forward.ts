import { randomBytes } from "node:crypto";

import { UmbraError } from "../errors/umbra-error.ts";
import type { BlockJudge } from "../formats/block-verdict.ts";
import type { ForwardRequest, ForwardResult } from "../ports/copier.ts";
import { damageIn, judgeFor } from "./block-rules.ts";
import type { Files } from "./files.ts";
import { checkSourceAfter, flush } from "./finish.ts";
import { judged, writeFully } from "./inline.ts";
import { layoutOf } from "./layout.ts";
import { KEY_BYTES, Marks, PIECE_BYTES } from "./marks.ts";
import { closeAnswered, closeOpened, openRegular, readHead, type Opened } from "./opened.ts";
import { within, type Patience } from "./patience.ts";
import { readAhead } from "./read-ahead.ts";
import { openCopy } from "./refresh.ts";
import type { Transfer } from "./transfer.ts";

/** Longest file of marks: of 16 TiB. */
const MOST_MARKS_BYTES = 2 ** 32;

/** One pass of a copy that is made in several. Contract: `ForwardRequest`. */
export async function forwardWith(
  files: Files,
  durable: boolean,
  request: ForwardRequest,
): Promise<ForwardResult> {
  const patience: Patience = { stallMs: request.stallMs, signal: request.signal };
  patience.signal?.throwIfAborted();
  switch (request.pass) {
    case "mark":
      return await mark(files, request, patience);
    case "forward":
      return await forward(files, request, patience);
    case "settle":
      return await settle(files, durable, request, patience);
  }
}

async function mark(files: Files, request: ForwardRequest, patience: Patience): Promise<ForwardResult> {
  const target = await openRegular(files, request.target, "target", patience);
  try {
    const bytes = await sizeOf(target, patience);
    const marks = new Marks(randomBytes(KEY_BYTES), bytes);
    for await (const { position, content } of readAhead(target, bytes, patience)) {
      for (const { index, piece } of piecesIn(content, position)) marks.note(index, marks.of(piece, index));
      await request.onProgress?.(position + content.length);
    }
    await store(files, request, marks, patience);
    return { bytes, bytesWritten: 0, head: await readHead(target, request, patience), differing: 0 };
  } finally {
    closeOpened(target);
  }
}

async function forward(files: Files, request: ForwardRequest, patience: Patience): Promise<ForwardResult> {
  const source = await openRegular(files, request.source, "source", patience);
  let target: Opened | undefined;
  try {
    const layout = await layoutOf(source, request, patience);
    target = await openCopy(files, request, source, patience);
    const marks = await load(files, request, patience);
    const oldBytes = Math.min(marks.bytes, layout.bytes);
    if ((await sizeOf(target, patience)) > layout.bytes) {
      const operation = { side: target.side, path: target.path, name: "truncate", inPlace: true };
      await within(patience, operation, target.file.truncate(layout.bytes));
    }
    marks.resize(layout.bytes);
    const inPlace = { trust: true, oldBytes };
    const damaging = damageIn(request.mode);
    const transfer: Transfer = { source, target, inPlace, layout, damaging, patience };
    const judge = judgeFor(layout.rules);
    let bytesWritten = 0;
    for await (const { position, content } of readAhead(source, layout.bytes, patience)) {
      if (position === 0 && layout.block0) content.set(layout.block0);
      bytesWritten += await writeChanged(transfer, judge, marks, content, position);
      await request.onProgress?.(position + content.length);
    }
    const grownBytes = await checkSourceAfter(files, source, layout.bytes, patience);
    const head = await readHead(target, request, patience);
    await store(files, request, marks, patience);
    const grown = grownBytes > 0 ? { grownBytes } : {};
    return { bytes: layout.bytes, bytesWritten, head, differing: 0, ...grown };
  } finally {
    closeOpened(source);
    if (target) await closeAnswered(target, request.stallMs);
  }
}

/** Neighbouring pieces are written together. Gives the bytes that were written. */
async function writeChanged(
  transfer: Transfer,
  judge: BlockJudge | undefined,
  marks: Marks,
  content: Buffer,
  position: number,
): Promise<number> {
  let written = 0;
  let from = -1;
  const writeUpTo = async (to: number) => {
    if (from < 0) return;
    const run = content.subarray(from, to);
    await judged(transfer, judge, run, position + from);
    // What was read again may be other bytes.
    for (const { index, piece } of piecesIn(run, position + from)) marks.note(index, marks.of(piece, index));
    if (transfer.target) await writeFully(transfer, transfer.target, run, position + from);
    written += run.length;
    from = -1;
  };
  for (const { index, piece, offset } of piecesIn(content, position)) {
    const isOld = position + offset + piece.length <= (transfer.inPlace?.oldBytes ?? 0);
    if (isOld && marks.isAt(index, marks.of(piece, index))) await writeUpTo(offset);
    else if (from < 0) from = offset;
  }
  await writeUpTo(content.length);
  return written;
}

async function settle(
  files: Files,
  durable: boolean,
  request: ForwardRequest,
  patience: Patience,
): Promise<ForwardResult> {
  const target = await openRegular(files, request.target, "target", patience);
  try {
    const marks = await load(files, request, patience);
    if (durable) await flush(target, marks.bytes, patience);
    const bytes = await sizeOf(target, patience);
    let differing = bytes === marks.bytes ? 0 : 1;
    for await (const { position, content } of readAhead(target, Math.min(bytes, marks.bytes), patience)) {
      for (const { index, piece } of piecesIn(content, position)) {
        if (!marks.isAt(index, marks.of(piece, index))) differing += 1;
      }
      await request.onProgress?.(position + content.length);
    }
    await within(
      patience,
      { side: "target", path: request.marks, name: "unlink" },
      files.remove(request.marks),
    );
    return { bytes, bytesWritten: 0, head: await readHead(target, request, patience), differing };
  } finally {
    closeOpened(target);
  }
}

interface Piece {
  readonly index: number;
  /** In the content. */
  readonly offset: number;
  readonly piece: Buffer;
}

function* piecesIn(content: Buffer, position: number): Generator<Piece> {
  for (let offset = 0; offset < content.length; offset += PIECE_BYTES) {
    const piece = content.subarray(offset, Math.min(content.length, offset + PIECE_BYTES));
    yield { index: (position + offset) / PIECE_BYTES, offset, piece };
  }
}

async function sizeOf({ file, path, side }: Opened, patience: Patience): Promise<number> {
  const { size } = await within(patience, { side, path, name: "stat" }, file.stat({ bigint: true }));
  return Number(size);
}

/** Not durable: after a crash the copy is begun anew. */
async function store(
  files: Files,
  { marks: path }: ForwardRequest,
  marks: Marks,
  patience: Patience,
): Promise<void> {
  const operation = (name: string) => ({ side: "target" as const, path, name });
  await within(patience, operation("unlink"), files.remove(path).catch(unlessGone));
  const file = await within(patience, operation("open"), files.createNew(path), (late) => void late.close());
  try {
    const content = marks.toBuffer();
    for (let done = 0; done < content.length;) {
      const writing = file.write(content, done, content.length - done, done);
      done += (await within(patience, operation("write"), writing)).bytesWritten;
    }
  } finally {
    await file.close();
  }
}

async function load(files: Files, { marks: path }: ForwardRequest, patience: Patience): Promise<Marks> {
  const opened = await openRegular(files, path, "target", patience);
  try {
    const bytes = await sizeOf(opened, patience);
    const parts: Buffer[] = [];
    for await (const { content } of readAhead(opened, Math.min(bytes, MOST_MARKS_BYTES), patience))
      parts.push(Buffer.from(content));
    const marks = Marks.from(Buffer.concat(parts));
    if (marks !== undefined) return marks;
    throw new UmbraError("UMB-6101", {
      path,
      operation: "read",
      errno: "something that is no file of marks",
    });
  } finally {
    closeOpened(opened);
  }
}

function unlessGone(error: unknown): void {
  if ((error as { code?: unknown }).code !== "ENOENT") throw error;
}
