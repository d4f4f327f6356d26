import type { BlockVerdict } from "../formats/block-verdict.ts";
import type { BlockTally } from "../ports/copier.ts";

/** Counts of blocks while a file is read. */
export type Counts = { -readonly [K in keyof BlockTally]: number };

export function noBlocks(): Counts {
  return {
    examined: 0,
    ok: 0,
    empty: 0,
    fractured: 0,
    badChecksum: 0,
    badHeader: 0,
    allZero: 0,
    softCorrupt: 0,
    reread: 0,
  };
}

export function addCounts(sum: Counts, more: BlockTally): void {
  for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += more[key];
}

/** Which count a verdict belongs to. */
export const countOf = {
  ok: "ok",
  empty: "empty",
  "all-zero": "allZero",
  "bad-header": "badHeader",
  fractured: "fractured",
  checksum: "badChecksum",
  "soft-corrupt": "softCorrupt",
} as const satisfies Record<BlockVerdict, keyof BlockTally>;
