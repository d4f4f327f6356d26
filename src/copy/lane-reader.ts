import type { BlockJudge } from "../formats/block-verdict.ts";
import { judgeFor } from "./block-rules.ts";
import type { LaneFiles } from "./lane-files.ts";
import type { Ring } from "./ring.ts";
import { rereadPausesMs, scanChunk, type ChunkScan, type Damage } from "./scan.ts";
import { addCounts, noBlocks } from "./tally.ts";
import { ThreadError, type Job } from "./thread-messages.ts";
import { DAMAGE_SHOWN } from "./transfer.ts";

/** Reads chunks in a lane, judges their blocks, and reads damaged ones again where there is a target. */
export class LaneReader {
  readonly #ring: Ring;
  readonly #job: Job;
  readonly #files: LaneFiles;
  readonly #judge: BlockJudge | undefined;
  readonly #blocks = noBlocks();
  readonly #damaged: Damage[] = [];

  constructor(ring: Ring, job: Job, files: LaneFiles) {
    this.#ring = ring;
    this.#job = job;
    this.#files = files;
    this.#judge = judgeFor(job.layout.rules);
  }

  get found() {
    return { blocks: this.#blocks, damaged: this.#damaged };
  }

  read(content: Buffer, position: number): void {
    const { layout, target } = this.#job;
    this.#files.read(content, position);
    if (position === 0 && layout.block0) content.set(layout.block0);
    const first = position / layout.rules.blockSize;
    let found = this.#scan(content, first);
    if (target !== undefined && found.damage.length > 0) {
      this.#blocks.reread += found.damage.length;
      for (const { block } of found.damage) this.#reread(content, block - first, block);
      found = this.#scan(content, first);
    }
    addCounts(this.#blocks, found.counts);
    this.#damaged.push(...found.damage.slice(0, DAMAGE_SHOWN - this.#damaged.length));
  }

  /** Reads one block until it is good; after the last try it ends the copy. */
  #reread(content: Buffer, index: number, block: number): void {
    const { blockSize } = this.#job.layout.rules;
    const place = content.subarray(index * blockSize, (index + 1) * blockSize);
    let verdict: string | undefined;
    for (const pause of rereadPausesMs) {
      this.#ring.pause(pause);
      this.#files.read(place, block * blockSize);
      verdict = this.#scan(place, block).damage[0]?.verdict;
      if (verdict === undefined) return;
    }
    const attempts = rereadPausesMs.length + 1;
    throw new ThreadError({ kind: "damaged", block, verdict: verdict ?? "", attempts });
  }

  #scan(content: Buffer, first: number): ChunkScan {
    const { damaging, layout } = this.#job;
    return scanChunk(this.#judge, content, layout.rules.blockSize, first, damaging);
  }
}
