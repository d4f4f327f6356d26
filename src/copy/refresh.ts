import { UmbraError } from "../errors/umbra-error.ts";
import type { FindChanges, RefreshRequest, RefreshResult, StoredHashes } from "../ports/copier.ts";
import { HASH_BYTES, noHashes, type BlockHashes } from "./block-hashes.ts";
import type { Files } from "./files.ts";
import { checkSourceAfter, flush } from "./finish.ts";
import { readHashes, removeHashes, writeHashes } from "./hashes-file.ts";
import type { InPlace } from "./in-place.ts";
import { layoutOf, type Layout } from "./layout.ts";
import { closeAnswered, closeOpened, openRegular, readHead, withDirect, type Opened } from "./opened.ts";
import { within, type Patience } from "./patience.ts";
import { bringForward, type Pass, type PassTools } from "./refresh-passes.ts";

/** What a refresh works with. */
export interface RefreshTools extends PassTools {
  readonly files: Files;
  readonly durable: boolean;
  /** Below this many bytes nothing is read past the page cache. */
  readonly inlineBelow: number;
}

/**
 * Order: the stored hashes are gone, durably, before the first block is written; the copy is durable before new hashes
 * are. A crash in between leaves a copy without hashes, which the next refresh compares.
 */
export async function refreshWith(tools: RefreshTools, request: RefreshRequest): Promise<RefreshResult> {
  const { files, durable, inlineBelow } = tools;
  const patience: Patience = { stallMs: request.stallMs, signal: request.signal };
  patience.signal?.throwIfAborted();
  let source = await openRegular(files, request.source, "source", patience);
  let target: Opened | undefined;
  try {
    const layout = await layoutOf(source, request, patience);
    target = await openCopy(files, request, source, patience);
    const prepared = await prepare(tools, request, layout, target, patience);
    const opened = { source, target };
    const pass: Pass = { ...opened, layout, patience, inPlace: prepared.inPlace };
    const pastTheCache = async () => {
      if (layout.bytes < inlineBelow) return pass;
      source = await withDirect(files, opened.source, "read", patience);
      const copy = await withDirect(files, opened.target, "read-write", patience);
      target = copy;
      return { ...pass, source, target: copy };
    };
    const done = await bringForward(tools, request, pass, pastTheCache);
    const grownBytes = await checkSourceAfter(files, source, layout.bytes, patience);
    const head = await readHead(target, request, patience);
    if (durable) await flush(target, layout.bytes, patience, true);
    const { hashes } = prepared.inPlace;
    const hashesKept =
      request.hashes !== undefined &&
      hashes !== undefined &&
      (await keepHashes(tools, request.hashes, target, layout, hashes, patience));
    return {
      bytes: layout.bytes,
      ...(done.sha256 === undefined ? {} : { sha256: done.sha256 }),
      blocks: done.blocks,
      foundBy: done.compared ? "compare" : prepared.foundBy,
      ...(done.doubt === undefined ? {} : { doubt: done.doubt }),
      blocksWritten: done.written.blocks,
      bytesWritten: done.written.bytes,
      hashesKept,
      head,
      ...(grownBytes > 0 ? { grownBytes } : {}),
    };
  } finally {
    closeOpened(source);
    // A write that comes late would put an older block over what the next refresh has written.
    if (target) await closeAnswered(target, request.stallMs);
  }
}

interface Prepared {
  readonly inPlace: InPlace;
  readonly foundBy: FindChanges["by"];
}

/** The copy, open for writing, and certainly not the database's own file. */
export async function openCopy(
  files: Files,
  request: Pick<RefreshRequest, "source" | "target">,
  source: Opened,
  patience: Patience,
): Promise<Opened> {
  const { target: path } = request;
  const operation = (name: string) => ({ side: "target" as const, path, name });
  if (!(await within(patience, operation("stat"), files.isPlainEntry(path)))) {
    throw new UmbraError("UMB-6101", { path, operation: "open", errno: "not a regular file" });
  }
  const file = await within(patience, operation("open"), files.openExisting(path), (late) => {
    void late.close();
  });
  const opened: Opened = { path, side: "target", file };
  try {
    const ours = await within(patience, operation("stat"), file.stat({ bigint: true }));
    const theirs = await within(
      patience,
      { ...operation("stat"), side: "source" },
      source.file.stat({ bigint: true }),
    );
    if (ours.dev !== theirs.dev || ours.ino !== theirs.ino) return opened;
    throw new UmbraError("UMB-6106", { path, source: request.source });
  } catch (error) {
    closeOpened(opened);
    throw error;
  }
}

/** Reads the stored hashes, makes them void, and cuts off what the source does not have any more. */
async function prepare(
  { files, durable }: RefreshTools,
  request: RefreshRequest,
  layout: Layout,
  target: Opened,
  patience: Patience,
): Promise<Prepared> {
  const { changes, hashes: place } = request;
  const { blockSize } = layout.rules;
  const operation = (name: string) => ({ side: target.side, path: target.path, name });
  const state = await within(patience, operation("stat"), target.file.stat({ bigint: true }));
  const size = Number(state.size);
  let stored: BlockHashes | undefined;
  if (place) {
    const { generation, path } = place;
    const whole = { generation, blockSize, bytes: size, modifiedNs: state.mtimeNs };
    if (size % blockSize === 0) stored = await readHashes({ files, path, patience }, whole);
    await removeHashes({ files, path, patience }, durable);
  }
  if (size > layout.bytes) {
    await within(patience, operation("truncate"), target.file.truncate(layout.bytes));
  }
  const oldBytes = Math.min(layout.bytes, size - (size % blockSize));
  // A table of only what is listed would be none.
  const isWhole = changes.by !== "list" || changes.prove === true || stored !== undefined;
  const keeps = place !== undefined && isWhole;
  const trust = changes.by === "hashes" && stored !== undefined;
  const inPlace = {
    trust,
    oldBytes,
    ...(keeps ? { hashes: resized(stored, layout.bytes / blockSize) } : {}),
  };
  return { inPlace, foundBy: changes.by === "hashes" && !trust ? "compare" : changes.by };
}

function resized(stored: BlockHashes | undefined, blocks: number): BlockHashes {
  const table = noHashes(blocks);
  if (stored) {
    const kept = Math.min(stored.byteLength, blocks * HASH_BYTES);
    new Uint8Array(table).set(new Uint8Array(stored, 0, kept));
  }
  return table;
}

/** The copy is good without them: what goes wrong here costs the next refresh a comparison, and nothing else. */
async function keepHashes(
  { files }: RefreshTools,
  { path, next }: StoredHashes,
  target: Opened,
  layout: Layout,
  table: BlockHashes,
  patience: Patience,
): Promise<boolean> {
  const operation = { side: target.side, path: target.path, name: "stat" };
  try {
    const { mtimeNs } = await within(patience, operation, target.file.stat({ bigint: true }));
    const { blockSize } = layout.rules;
    const state = { generation: next, blockSize, bytes: layout.bytes, modifiedNs: mtimeNs };
    return await writeHashes({ files, path, patience }, state, table);
  } catch {
    return false;
  }
}
