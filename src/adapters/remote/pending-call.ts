/** A call that the far side has not answered yet. */
export interface PendingCall {
  /** As in messages: `umbra remote (copy)`. */
  readonly program: string;
  /** The far side may be silent for so long; undefined: the caller has a deadline of its own. */
  readonly quietMs: number | undefined;
  readonly onProgress: ((bytesDone: number) => void | Promise<void>) | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Progress that the caller still takes in; the result comes after it. */
  progress: Promise<void>;
}
