import { isUmbraError } from "../errors/umbra-error.ts";
import type { VerifyRequest, VerifyResult } from "../ports/copier.ts";
import { damageIn } from "./block-rules.ts";
import type { Files } from "./files.ts";
import { layoutOf, type Layout } from "./layout.ts";
import { closeOpened, openRegular, readHead, withDirect, type Opened } from "./opened.ts";
import type { Patience } from "./patience.ts";
import type { RunTransfer } from "./transfer.ts";

/** Reads a copy again from its first byte to its last. Damage is told in the result; nothing is read twice. */
export async function verifyWith(
  files: Files,
  run: RunTransfer,
  request: VerifyRequest,
  inlineBelow: number,
): Promise<VerifyResult> {
  const patience: Patience = { stallMs: request.stallMs, signal: request.signal };
  patience.signal?.throwIfAborted();
  let copy = await openRegular(files, request.path, "target", patience);
  try {
    const { layout, problem } = await wholeLayout(copy, request, patience);
    // What the storage holds counts, not what the page cache remembers of the writing.
    if (layout.bytes >= inlineBelow) copy = await withDirect(files, copy, "read", patience);
    const { sha256, blocks, damaged } = await run({
      source: copy,
      layout,
      damaging: damageIn(request.mode),
      patience,
      onProgress: request.onProgress,
    });
    const head = await readHead(copy, request, patience);
    const wanted = request.sha256;
    return {
      bytes: layout.bytes,
      sha256,
      ...(wanted === undefined ? {} : { sha256Matches: wanted.toLowerCase() === sha256 }),
      blocks,
      damaged,
      ...(problem === undefined ? {} : { problem }),
      head,
    };
  } finally {
    closeOpened(copy);
  }
}

/** All bytes of the file; its blocks are judged only where block 0 is sound and names just this size. */
async function wholeLayout(
  copy: Opened,
  request: VerifyRequest,
  patience: Patience,
): Promise<{ layout: Layout; problem?: string }> {
  const plain = await layoutOf(copy, { ...request, mode: "plain" }, patience);
  if (request.mode === "plain") return { layout: plain };
  try {
    const { bytes, rules } = await layoutOf(copy, request, patience);
    if (bytes === plain.bytes) return { layout: { bytes, rules } };
    return { layout: plain, problem: `it holds ${plain.bytes} bytes where its block 0 names ${bytes}` };
  } catch (error) {
    const content = isUmbraError(error) && ["UMB-9102", "UMB-7104"].includes(error.code);
    if (!content) throw error;
    return { layout: plain, problem: error.message };
  }
}
