import { setTimeout as sleep } from "node:timers/promises";

import { UmbraError } from "../errors/umbra-error.ts";
import { readOsHeader, type OsHeader } from "../formats/os-header.ts";
import { redoSequence } from "../formats/redo-verdict.ts";
import type { CopyMode } from "../ports/copier.ts";
import type { BlockRules } from "./block-rules.ts";
import type { Opened } from "./opened.ts";
import { within, type Patience } from "./patience.ts";
import { rereadPausesMs } from "./scan.ts";

/** What is to be read of a file, decided once, before its first byte is copied. */
export interface Layout {
  readonly bytes: number;
  readonly rules: BlockRules;
  /**
   * Block 0 as it was when `bytes` was decided. It goes into the copy even where it changed meanwhile, so that the
   * size in the copy's block 0 is the copy's size.
   */
  readonly block0?: Uint8Array;
}

export interface LayoutRequest {
  readonly mode: CopyMode;
  readonly blockSize: number;
  readonly expectedBlocks?: number;
  readonly relativeFile?: number;
  readonly bigfile?: boolean;
}

/** Pieces of a file without blocks, in bytes. */
const PLAIN_PIECE = 4096;

/** Reads block 0 and the size. A block 0 that is caught half-written is read again before it is refused. */
export async function layoutOf(opened: Opened, request: LayoutRequest, patience: Patience): Promise<Layout> {
  const { path, side, file } = opened;
  const operation = (name: string) => ({ side, path, name });
  const { size } = await within(patience, operation("stat"), file.stat());
  if (request.mode === "plain") return { bytes: size, rules: { kind: "plain", blockSize: PLAIN_PIECE } };
  const head = Buffer.alloc(2 * request.blockSize);
  for (const pause of [...rereadPausesMs, undefined]) {
    await within(patience, operation("read"), file.read(head, 0, head.length, 0));
    const os = readOsHeader(head);
    if (os.ok) return blockLayout(path, os.value, size, head, request);
    if (pause === undefined) throw new UmbraError("UMB-9102", { path, reason: os.reason });
    await sleep(pause);
  }
  throw new UmbraError("UMB-1001", { what: "the tries to read block 0 did not end" });
}

function blockLayout(path: string, os: OsHeader, size: number, head: Buffer, request: LayoutRequest): Layout {
  const { blockSize, expectedBlocks } = request;
  if (os.blockSize !== blockSize) {
    const reason = `its blocks have ${os.blockSize} bytes where the database told ${blockSize}`;
    throw new UmbraError("UMB-9102", { path, reason });
  }
  const bytes = (os.blocks + 1) * blockSize;
  if (size < bytes) throw new UmbraError("UMB-7104", { path, bytes: size, wanted: bytes });
  if (expectedBlocks !== undefined && os.blocks < expectedBlocks) {
    throw new UmbraError("UMB-7105", { path, blocks: os.blocks, expected: expectedBlocks });
  }
  return {
    bytes,
    rules: rulesOf(os, head, request),
    block0: Uint8Array.from(head.subarray(0, blockSize)),
  };
}

function rulesOf(os: OsHeader, head: Buffer, request: LayoutRequest): BlockRules {
  const { blockSize, byteOrder } = os;
  if (request.mode === "redo") {
    const sequence = redoSequence(head.subarray(blockSize), byteOrder);
    return { kind: "redo", blockSize, expected: { blockSize, byteOrder, sequence } };
  }
  const { relativeFile, bigfile } = request;
  const expected = {
    blockSize,
    byteOrder,
    ...(relativeFile === undefined ? {} : { relativeFile }),
    ...(bigfile === undefined ? {} : { bigfile }),
  };
  return { kind: "datafile", blockSize, expected };
}
