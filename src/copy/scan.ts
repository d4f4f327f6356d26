import type { BlockJudge, BlockVerdict } from "../formats/block-verdict.ts";
import { wordsOf } from "../formats/check-value.ts";
import type { DamagedBlock } from "../ports/copier.ts";
import { countOf, noBlocks, type Counts } from "./tally.ts";

export interface Damage extends DamagedBlock {
  readonly verdict: BlockVerdict;
}

export interface ChunkScan {
  readonly counts: Counts;
  /** Blocks with a verdict that the copy may not hold, in order. */
  readonly damage: readonly Damage[];
}

/** Judges every block of a chunk of whole blocks. Block 0 has no verdict: it is checked when the file is opened. */
export function scanChunk(
  judge: BlockJudge | undefined,
  chunk: Uint8Array,
  blockSize: number,
  firstBlock: number,
  damaging: readonly BlockVerdict[],
): ChunkScan {
  const counts = noBlocks();
  const damage: Damage[] = [];
  if (judge === undefined) return { counts, damage };
  const words = wordsOf(chunk);
  const last = firstBlock + Math.floor(chunk.length / blockSize);
  for (let block = Math.max(firstBlock, 1); block < last; block += 1) {
    const verdict = judge(chunk, words, (block - firstBlock) * blockSize, block);
    counts.examined += 1;
    counts[countOf[verdict]] += 1;
    if (damaging.includes(verdict)) damage.push({ block, verdict });
  }
  return { counts, damage };
}

/** How long a bad block is left alone before it is read again, in ms; as many tries as there are pauses. */
export const rereadPausesMs = [5, 20, 50, 100, 200] as const;
