import { dirname } from "node:path";

import type { Copier, CopyRequest, CopyResult } from "../ports/copier.ts";
import { damageIn } from "./block-rules.ts";
import type { Operation } from "./failure.ts";
import { nodeFiles, type Files } from "./files.ts";
import { checkSourceAfter, flush } from "./finish.ts";
import { forwardWith } from "./forward.ts";
import { transferInline } from "./inline.ts";
import { layoutOf } from "./layout.ts";
import { closeOpened, openRegular, readHead, withDirect, type Opened } from "./opened.ts";
import { createPart, partPath } from "./part.ts";
import { within, type Patience } from "./patience.ts";
import { refreshWith } from "./refresh.ts";
import { RING, type RingShape } from "./ring.ts";
import { MarkThreads } from "./mark-threads.ts";
import { CopyThreads } from "./copy-threads.ts";
import type { RunTransfer } from "./transfer.ts";
import { verifyWith } from "./verify.ts";

export interface CopierOptions {
  /** Files smaller than this are copied in the calling thread. `Infinity`: all of them. Default 8 MiB. */
  readonly inlineBelow?: number;
  /** Bytes between two progress calls of a copy in the calling thread; rounded to whole blocks. Default 1 MiB. */
  readonly inlineChunkBytes?: number;
  /** Memory of a copy in threads. Default 14 chunks of 1 MiB. */
  readonly ring?: RingShape;
  /** What the threads run; exchanged where a test wants one that hangs. */
  readonly thread?: URL;
  /** False only where a copy need not survive the machine: tests that make thousands. Default true. */
  readonly durable?: boolean;
  /** The file system. With one that is not Node's, `inlineBelow` is Infinity where it is not given. */
  readonly files?: Files;
}

/** Starting threads costs more than copying a file of this size. */
const INLINE_BELOW = 8 * 1_048_576;
/** Groups of threads kept for the next copy. */
const IDLE_GROUPS = 4;

/** The image-copy engine. Contract: `CopyRequest`, `CopyResult`. */
export function createCopier(options: CopierOptions = {}): Copier {
  const files = options.files ?? nodeFiles;
  const inlineBelow = options.inlineBelow ?? (options.files ? Infinity : INLINE_BELOW);
  const chunkBytes = options.inlineChunkBytes ?? RING.chunkBytes;
  const idle: CopyThreads[] = [];
  const all = new Set<CopyThreads>();

  const marking = new MarkThreads();
  const durable = options.durable ?? true;
  const run: RunTransfer = async (transfer) => {
    if (transfer.layout.bytes < inlineBelow) return transferInline(transfer, chunkBytes);
    const threads = idle.pop() ?? new CopyThreads(options.ring ?? RING, options.thread);
    all.add(threads);
    try {
      return await threads.transfer(transfer);
    } finally {
      if (threads.usable && idle.length < IDLE_GROUPS) idle.push(threads);
      else {
        all.delete(threads);
        void threads.end();
      }
    }
  };

  return {
    copy: (request) => copyWith(files, run, durable, request, inlineBelow),
    verify: (request) => verifyWith(files, run, request, inlineBelow),
    refresh: (request) => refreshWith({ files, run, durable, inlineBelow, chunkBytes }, request),
    forward: (request) => forwardWith({ files, durable, threads: marking, inlineBelow }, request),
    [Symbol.asyncDispose]: async () => {
      idle.length = 0;
      await Promise.all([...all, marking].map((threads) => threads.end()));
      all.clear();
    },
  };
}

async function copyWith(
  files: Files,
  run: RunTransfer,
  durable: boolean,
  request: CopyRequest,
  inlineBelow: number,
): Promise<CopyResult> {
  const patience: Patience = { stallMs: request.stallMs, signal: request.signal };
  patience.signal?.throwIfAborted();
  let source = await openRegular(files, request.source, "source", patience);
  const path = partPath(request.target);
  let part: Opened | undefined;
  try {
    const layout = await layoutOf(source, request, patience);
    part = { path, side: "target", file: await createPart(files, path, patience) };
    if (layout.bytes >= inlineBelow) {
      source = await withDirect(files, source, "read", patience);
      part = await withDirect(files, part, "write", patience);
    }
    const { sha256, blocks } = await run({
      source,
      target: part,
      layout,
      damaging: damageIn(request.mode),
      patience,
      onProgress: request.onProgress,
    });
    const grownBytes = await checkSourceAfter(files, source, layout.bytes, patience);
    const head = await readHead(part, request, patience);
    if (durable) await flush(part, layout.bytes, patience);
    await publish(files, path, request.target, durable, patience);
    return { bytes: layout.bytes, sha256, blocks, head, ...(grownBytes > 0 ? { grownBytes } : {}) };
  } catch (error) {
    if (part) await removeQuietly(files, path, request.stallMs);
    throw error;
  } finally {
    closeOpened(source);
    if (part) closeOpened(part);
  }
}

async function publish(
  files: Files,
  part: string,
  target: string,
  durable: boolean,
  patience: Patience,
): Promise<void> {
  const operation = (name: string): Operation => ({ side: "target", path: target, name });
  await within(patience, operation("rename"), files.rename(part, target));
  if (durable) await within(patience, operation("fsync"), files.syncDirectory(dirname(target)));
}

/** Nothing half-written is left behind, unless the storage does not answer: the next copy replaces it then. */
async function removeQuietly(files: Files, part: string, stallMs: number): Promise<void> {
  const operation: Operation = { side: "target", path: part, name: "remove" };
  await within({ stallMs }, operation, files.remove(part)).catch(() => {});
}
