import type { BlockVerdict } from "../formats/block-verdict.ts";
import type { BlockTally } from "../ports/copier.ts";
import type { Side } from "./failure.ts";
import type { Layout } from "./layout.ts";
import type { InPlace, Written } from "./in-place.ts";
import type { Damage } from "./scan.ts";

/** An open file. Descriptors belong to the whole process, so the threads only borrow them. */
export interface Descriptors {
  readonly fd: number;
  /** The same file past the page cache. */
  readonly direct: number | undefined;
}

/** One transfer, as all threads of a copy get it. */
export interface Job {
  readonly layout: Layout;
  readonly damaging: readonly BlockVerdict[];
  readonly source: Descriptors;
  /** With a target damaged blocks are read again, and end the job when they stay; otherwise they are only told. */
  readonly target: Descriptors | undefined;
  readonly inPlace: InPlace | undefined;
}

export type LaneMessage =
  /** The chunk is in the target, or was judged where there is none. */
  | { readonly kind: "written"; readonly chunk: number }
  | {
      readonly kind: "lane-done";
      readonly blocks: BlockTally;
      /** The first ones of its chunks, in order. */
      readonly damaged: readonly Damage[];
      readonly written: Written;
    }
  | ThreadFailure;

export type HashMessage = { readonly kind: "hash-done"; readonly sha256: string } | ThreadFailure;

/** Why a thread ended its job. Plain data: errors lose their class between threads. */
export type ThreadFailure =
  | { readonly kind: "failed"; readonly side: Side; readonly errno: string }
  | { readonly kind: "short"; readonly side: Side; readonly bytes: number }
  | { readonly kind: "damaged"; readonly block: number; readonly verdict: string; readonly attempts: number }
  | { readonly kind: "bug"; readonly what: string }
  | { readonly kind: "cancelled" };

/** A failure on its way out of a thread's job. */
export class ThreadError extends Error {
  readonly failure: ThreadFailure;

  constructor(failure: ThreadFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}
