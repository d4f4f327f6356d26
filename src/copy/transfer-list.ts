import type { ByteExtent } from "../ports/copier.ts";
import { judgeFor } from "./block-rules.ts";
import { addWritten, nothingWritten, writtenIn, type InPlace } from "./in-place.ts";
import { readJudged, replace } from "./inline.ts";
import type { ListTestimony } from "./list-testimony.ts";
import type { Opened } from "./opened.ts";
import { addCounts, noBlocks } from "./tally.ts";
import type { Transfer, Transferred } from "./transfer.ts";

/** Pieces that are read and written at the same time: as many as Node's thread pool has threads. */
const TOGETHER = 4;

/**
 * Brings only these pieces of a target forward; `testimony` hears each of them. The first error ends it, after the calls
 * under way were answered.
 */
export async function transferList(
  transfer: Transfer & { readonly target: Opened; readonly inPlace: InPlace },
  pieces: readonly ByteExtent[],
  testimony?: ListTestimony,
): Promise<Omit<Transferred, "sha256" | "damaged">> {
  const { inPlace, layout, onProgress, patience, target } = transfer;
  const judge = judgeFor(layout.rules);
  const blocks = noBlocks();
  const written = nothingWritten();
  let done = 0;
  let telling = Promise.resolve();
  const tellAfter = async (before: Promise<void>) => {
    await before;
    await onProgress?.(done);
  };
  let failed = false;
  const waiting = pieces.values();
  const lane = async () => {
    for (const { offset, bytes } of waiting) {
      if (failed) return;
      patience.signal?.throwIfAborted();
      const chunk = Buffer.from(new ArrayBuffer(bytes));
      addCounts(blocks, (await readJudged(transfer, judge, chunk, offset)).counts);
      const runs = await replace(transfer, target, inPlace, chunk, offset);
      testimony?.hear(chunk, offset, runs);
      addWritten(written, writtenIn(runs, layout.rules.blockSize));
      done += bytes;
      telling = tellAfter(telling);
      await telling;
    }
  };
  const lanes = Array.from({ length: TOGETHER }, () =>
    lane().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return { blocks, written };
}
