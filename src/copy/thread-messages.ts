import type { BlockVerdict } from "../formats/block-verdict.ts";
import type { BlockTally } from "../ports/copier.ts";
import type { Layout } from "./layout.ts";
import type { Damage } from "./scan.ts";

/** One transfer, as both threads get it. Descriptors belong to the whole process, so the threads only borrow them. */
export interface Job {
  readonly layout: Layout;
  readonly damaging: readonly BlockVerdict[];
  readonly source: number;
  readonly target?: number;
  /** The I/O thread waits until the main thread has answered for earlier chunks. */
  readonly acknowledged: boolean;
}

export type IoMessage =
  | { readonly kind: "progress"; readonly chunk: number; readonly bytes: number }
  | { readonly kind: "io-done"; readonly reread: number }
  | ThreadFailure;

export type HashMessage =
  | {
      readonly kind: "hash-done";
      readonly sha256: string;
      readonly blocks: BlockTally;
      readonly damaged: readonly Damage[];
    }
  | ThreadFailure;

/** Why a thread ended its job. Plain data: errors lose their class between threads. */
export type ThreadFailure =
  | { readonly kind: "failed"; readonly operation: "read" | "write"; readonly errno: string }
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
