import type { BlockVerdict } from "../formats/block-verdict.ts";
import type { BlockTally } from "../ports/copier.ts";
import type { Layout } from "./layout.ts";
import type { Damage } from "./scan.ts";

/** One transfer, as both threads get it. Descriptors belong to the whole process, so the threads only borrow them. */
export interface Job {
  readonly layout: Layout;
  readonly damaging: readonly BlockVerdict[];
  readonly source: number;
  /** Damaged blocks are read again, and end the job when they stay; otherwise they are only told. */
  readonly repair: boolean;
}

export type ReadMessage = { readonly kind: "read-done"; readonly reread: number } | ThreadFailure;

export type HashMessage =
  /** The chunk is judged and will not change any more. */
  | { readonly kind: "sound"; readonly chunk: number }
  | {
      readonly kind: "hash-done";
      readonly sha256: string;
      readonly blocks: BlockTally;
      readonly damaged: readonly Damage[];
    }
  | ThreadFailure;

/** Why a thread ended its job. Plain data: errors lose their class between threads. */
export type ThreadFailure =
  | { readonly kind: "failed"; readonly errno: string }
  | { readonly kind: "short"; readonly bytes: number }
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
