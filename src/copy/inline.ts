import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { UmbraError } from "../errors/umbra-error.ts";
import type { BlockJudge } from "../formats/block-verdict.ts";
import { judgeFor } from "./block-rules.ts";
import { shortened } from "./failure.ts";
import {
  addWritten,
  nothingWritten,
  oldBytesAt,
  runsToWrite,
  writtenIn,
  type InPlace,
  type Run,
} from "./in-place.ts";
import type { Opened } from "./opened.ts";
import { within } from "./patience.ts";
import { rereadPausesMs, scanChunk, type Damage } from "./scan.ts";
import { addCounts, noBlocks } from "./tally.ts";
import { DAMAGE_SHOWN, type Transfer, type Transferred } from "./transfer.ts";

/**
 * The transfer in this thread, by promises: cheapest for small files, and exact: no chunk is read before the promise
 * of the progress call after the chunk before it is kept.
 */
export async function transferInline(transfer: Transfer, chunkBytes: number): Promise<Transferred> {
  const { layout, patience, onProgress, target } = transfer;
  const { blockSize } = layout.rules;
  const size = Math.max(blockSize, Math.floor(chunkBytes / blockSize) * blockSize);
  const judge = judgeFor(layout.rules);
  const buffer = Buffer.from(new ArrayBuffer(Math.min(size, Math.max(layout.bytes, 1))));
  const hash = createHash("sha256");
  const tally = noBlocks();
  const damaged: Damage[] = [];
  const written = nothingWritten();
  for (let position = 0; position < layout.bytes; position += size) {
    patience.signal?.throwIfAborted();
    const chunk = buffer.subarray(0, Math.min(size, layout.bytes - position));
    const found = await readJudged(transfer, judge, chunk, position);
    addCounts(tally, found.counts);
    damaged.push(...found.damage.slice(0, DAMAGE_SHOWN - damaged.length));
    hash.update(chunk);
    if (target && transfer.inPlace) {
      const runs = await replace(transfer, target, transfer.inPlace, chunk, position);
      addWritten(written, writtenIn(runs, blockSize));
    } else if (target) await writeFully(transfer, target, chunk, position);
    const progress = onProgress?.(position + chunk.length);
    if (progress !== undefined) await progress;
  }
  return { sha256: hash.digest("hex"), blocks: tally, damaged, written };
}

/** Writes the blocks of a chunk in which the target differs, and tells where they are in it. */
export async function replace(
  transfer: Transfer,
  target: Opened,
  inPlace: InPlace,
  chunk: Buffer,
  position: number,
): Promise<readonly Run[]> {
  const { blockSize } = transfer.layout.rules;
  const old = Buffer.allocUnsafeSlow(oldBytesAt(inPlace, position, chunk.length));
  await readFully(transfer, target, old, position);
  const runs = runsToWrite(inPlace, chunk, position, blockSize, old);
  for (const { from, to } of runs) {
    await writeFully(transfer, target, chunk.subarray(from, to), position + from);
  }
  return runs;
}

/** Reads a chunk of the source and judges it; damage is read again where there is a target. */
export async function readJudged(
  transfer: Transfer,
  judge: BlockJudge | undefined,
  chunk: Buffer,
  position: number,
): Promise<ReturnType<typeof scanChunk>> {
  await readFully(transfer, transfer.source, chunk, position);
  if (position === 0 && transfer.layout.block0) chunk.set(transfer.layout.block0);
  return judged(transfer, judge, chunk, position);
}

/** Judges a chunk that was read; damage is read again where there is a target, and ends the copy where it stays. */
export async function judged(
  transfer: Transfer,
  judge: BlockJudge | undefined,
  chunk: Buffer,
  position: number,
): Promise<ReturnType<typeof scanChunk>> {
  const { blockSize } = transfer.layout.rules;
  const first = position / blockSize;
  const found = scanChunk(judge, chunk, blockSize, first, transfer.damaging);
  if (found.damage.length === 0 || !transfer.target) return found;
  for (const { block } of found.damage) {
    const offset = (block - first) * blockSize;
    await reread(transfer, judge, chunk.subarray(offset, offset + blockSize), block);
  }
  const again = scanChunk(judge, chunk, blockSize, first, transfer.damaging);
  return { ...again, counts: { ...again.counts, reread: found.damage.length } };
}

/** Reads one block into its place until it is good; after the last try it ends the copy. */
async function reread(
  transfer: Transfer,
  judge: BlockJudge | undefined,
  place: Buffer,
  block: number,
): Promise<void> {
  const { damaging, layout, patience, source } = transfer;
  let verdict = "";
  for (const pause of rereadPausesMs) {
    await sleep(pause, undefined, patience.signal ? { signal: patience.signal } : {});
    await readFully(transfer, source, place, block * layout.rules.blockSize);
    const [damage] = scanChunk(judge, place, layout.rules.blockSize, block, damaging).damage;
    if (damage === undefined) return;
    verdict = damage.verdict;
  }
  const attempts = rereadPausesMs.length + 1;
  throw new UmbraError("UMB-9101", { path: source.path, block, verdict, attempts });
}

async function readFully(transfer: Transfer, from: Opened, into: Buffer, position: number): Promise<void> {
  const { layout, patience } = transfer;
  const operation = { side: from.side, path: from.path, name: "read" };
  for (let done = 0; done < into.length;) {
    const work = from.file.read(into, done, into.length - done, position + done);
    const { bytesRead } = await within(patience, operation, work);
    if (bytesRead === 0) {
      throw shortened(from, position + done, layout.bytes);
    }
    done += bytesRead;
  }
}

export async function writeFully(
  transfer: Transfer,
  target: Opened,
  from: Buffer,
  position: number,
): Promise<void> {
  const inPlace = transfer.inPlace !== undefined;
  const operation = { side: target.side, path: target.path, name: "write", inPlace };
  for (let done = 0; done < from.length;) {
    const work = target.file.write(from, done, from.length - done, position + done);
    done += (await within(transfer.patience, operation, work)).bytesWritten;
  }
}
