import { randomBytes } from "node:crypto";

import { UmbraError } from "../errors/umbra-error.ts";
import type { BlockJudge } from "../formats/block-verdict.ts";
import type { ForwardRequest, ForwardResult } from "../ports/copier.ts";
import { damageIn, judgeFor } from "./block-rules.ts";
import type { Files } from "./files.ts";
import { checkSourceAfter, flush } from "./finish.ts";
import { judged, writeFully } from "./inline.ts";
import { layoutOf } from "./layout.ts";
import type { MarkThreads } from "./mark-threads.ts";
import {
  changedPieces,
  KEY_BYTES,
  type Marks,
  marksFile,
  noMarks,
  PIECE_BYTES,
  readMarks,
  resized,
} from "./marks.ts";
import { closeAnswered, closeOpened, openRegular, readHead, type Opened } from "./opened.ts";
import { within, type Patience } from "./patience.ts";
import { type Chunk, HELD, readAhead } from "./read-ahead.ts";
import { openCopy } from "./refresh.ts";
import type { Transfer } from "./transfer.ts";

/** Longest file of marks: of 16 TiB. */
const MOST_MARKS_BYTES = 2 ** 32;

export interface ForwardTools {
  readonly files: Files;
  readonly durable: boolean;
  readonly threads: MarkThreads;
  /** Below this many bytes threads are not worth their messages. */
  readonly inlineBelow: number;
}

/** One pass of a copy that is made in several. Contract: `ForwardRequest`. */
export async function forwardWith(tools: ForwardTools, request: ForwardRequest): Promise<ForwardResult> {
  const patience: Patience = { stallMs: request.stallMs, signal: request.signal };
  patience.signal?.throwIfAborted();
  return await passes[request.pass](tools, request, patience);
}

const passes = { mark, forward, settle } as const;

async function mark(
  tools: ForwardTools,
  request: ForwardRequest,
  patience: Patience,
): Promise<ForwardResult> {
  const target = await openRegular(tools.files, request.target, "target", patience);
  try {
    const bytes = await sizeOf(target, patience);
    const marks = noMarks(randomBytes(KEY_BYTES), bytes);
    await compare(tools, request, { opened: target, marks, patience }, async () => {});
    await store(tools.files, request, marks, patience);
    return { bytes, bytesWritten: 0, head: await readHead(target, request, patience), differing: 0 };
  } finally {
    closeOpened(target);
  }
}

async function forward(
  tools: ForwardTools,
  request: ForwardRequest,
  patience: Patience,
): Promise<ForwardResult> {
  const { files } = tools;
  const source = await openRegular(files, request.source, "source", patience);
  let target: Opened | undefined;
  try {
    const layout = await layoutOf(source, request, patience);
    target = await openCopy(files, request, source, patience);
    const old = await load(files, request, patience);
    if ((await sizeOf(target, patience)) > layout.bytes) {
      const operation = { side: target.side, path: target.path, name: "truncate", inPlace: true };
      await within(patience, operation, target.file.truncate(layout.bytes));
    }
    const marks = resized(old, layout.bytes);
    const inPlace = { trust: true, oldBytes: Math.min(old.bytes, layout.bytes) };
    const transfer: Transfer = {
      source,
      target,
      inPlace,
      layout,
      damaging: damageIn(request.mode),
      patience,
    };
    const judge = judgeFor(layout.rules);
    let bytesWritten = 0;
    const pass = { opened: source, marks, patience, block0: layout.block0 };
    await compare(tools, request, pass, async (chunk, changed) => {
      for (const run of runsOf(changed, chunk.content)) {
        // Chunks are written at the same time: nothing may be kept over the wait.
        const written = await writeRun(transfer, judge, marks, chunk, run);
        bytesWritten += written;
      }
    });
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

async function settle(
  tools: ForwardTools,
  request: ForwardRequest,
  patience: Patience,
): Promise<ForwardResult> {
  const { files, durable } = tools;
  const target = await openRegular(files, request.target, "target", patience);
  try {
    const marks = await load(files, request, patience);
    if (durable) await flush(target, marks.bytes, patience);
    const bytes = await sizeOf(target, patience);
    let differing = bytes === marks.bytes ? 0 : 1;
    const pass = { opened: target, marks: { ...marks, bytes: Math.min(bytes, marks.bytes) }, patience };
    await compare(tools, request, pass, async (_chunk, changed) => {
      differing += changed.length;
    });
    const operation = { side: "target" as const, path: request.marks, name: "unlink" };
    await within(patience, operation, files.remove(request.marks));
    return { bytes, bytesWritten: 0, head: await readHead(target, request, patience), differing };
  } finally {
    closeOpened(target);
  }
}

interface Pass {
  readonly opened: Opened;
  readonly marks: Marks;
  readonly patience: Patience;
  /** Taken instead of the one that is read: see `Layout`. */
  readonly block0?: Uint8Array | undefined;
}

/**
 * Reads a file and gives the pieces that have other marks, chunk by chunk: up to `HELD` of them are under way at the same
 * time, so that no thread waits for the writes of one. New marks are noted. Progress is told in order.
 */
async function compare(
  { threads, inlineBelow }: ForwardTools,
  { onProgress }: ForwardRequest,
  { opened, marks, patience, block0 }: Pass,
  changedIn: (chunk: Chunk, changed: readonly number[]) => Promise<void>,
): Promise<void> {
  const { key, pieces, groups, bytes } = marks;
  const under: { readonly end: number; readonly done: Promise<void> }[] = [];
  const finish = async (): Promise<void> => {
    const next = under.shift();
    if (next === undefined) return;
    await next.done;
    await onProgress?.(next.end);
  };
  try {
    for await (const chunk of readAhead(opened, bytes, patience)) {
      patience.signal?.throwIfAborted();
      const { content, position, memory } = chunk;
      if (position === 0 && block0) content.set(block0);
      const job = { marks: { key, pieces, groups }, memory, length: content.length, position };
      const comparing =
        bytes < inlineBelow ? Promise.resolve(changedPieces(marks, content, position)) : threads.changed(job);
      const done = comparing.then((changed) => changedIn(chunk, changed));
      // One before it may fail first; then nobody waits for this one.
      done.catch(() => {});
      under.push({ end: position + content.length, done });
      if (under.length >= HELD) await finish();
    }
    while (under.length > 0) await finish();
  } finally {
    // After a failure: nothing may be written when this has returned.
    await Promise.allSettled(under.map(({ done }) => done));
  }
}

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Neighbouring pieces are written together. */
function runsOf(changed: readonly number[], { length }: Buffer): readonly Run[] {
  const runs: Run[] = [];
  for (const from of changed) {
    const to = Math.min(length, from + PIECE_BYTES);
    const last = runs.at(-1);
    if (last?.to === from) runs[runs.length - 1] = { from: last.from, to };
    else runs.push({ from, to });
  }
  return runs;
}

/** Judges what changed and writes it. Gives its bytes. */
async function writeRun(
  transfer: Transfer,
  judge: BlockJudge | undefined,
  marks: Marks,
  { content, position }: Chunk,
  { from, to }: Run,
): Promise<number> {
  const run = content.subarray(from, to);
  const { counts } = await judged(transfer, judge, run, position + from);
  // What was read again may be other bytes than were marked.
  if (counts.reread > 0) changedPieces(marks, content, position);
  if (transfer.target) await writeFully(transfer, transfer.target, run, position + from);
  return run.length;
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
    const content = marksFile(marks);
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
    const marks = readMarks(Buffer.concat(parts));
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
