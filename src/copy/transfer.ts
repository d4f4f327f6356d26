import type { BlockVerdict } from "../formats/block-verdict.ts";
import type { BlockTally } from "../ports/copier.ts";
import type { InPlace, Written } from "./in-place.ts";
import type { Layout } from "./layout.ts";
import type { Opened } from "./opened.ts";
import type { Patience } from "./patience.ts";
import type { Damage } from "./scan.ts";

/** One pass over the bytes of an open file: read, judge, hash, and write where there is a target. */
export interface Transfer {
  readonly source: Opened;
  /** Absent: the file is only read and judged. */
  readonly target?: Opened;
  /** Present: the target holds an older state, and only what differs is written. */
  readonly inPlace?: InPlace | undefined;
  readonly layout: Layout;
  /** Verdicts that the result may not hold. */
  readonly damaging: readonly BlockVerdict[];
  readonly patience: Patience;
  readonly onProgress?: ((bytesDone: number) => void | Promise<void>) | undefined;
}

export interface Transferred {
  readonly sha256: string;
  readonly blocks: BlockTally;
  /** Only without a target: with one, damage that stays ends the transfer with UMB-9101. At most 20. */
  readonly damaged: readonly Damage[];
  /** Counted in place only. */
  readonly written: Written;
}

/** Runs one pass where it is cheapest: in this thread, or in two of its own. */
export type RunTransfer = (transfer: Transfer) => Promise<Transferred>;

/** Damaged blocks that are named; more say nothing more. */
export const DAMAGE_SHOWN = 20;
