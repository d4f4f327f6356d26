import type { CallName } from "./calls.ts";

/**
 * The version of what both sides say to each other. Grows when a message or a call changes its meaning; a call that is
 * added needs no new version, because a side that does not know it says so (UMB-7224).
 */
export const PROTOCOL = 1;

/**
 * The first line of each side. Then the near side sends `NearMessage`, the far side `FarMessage`: one JSON object a
 * line, bytes in base64 (`frame-text.ts`). The end of its input is the end of the far side: it stops what it does and
 * removes what is half-made.
 */
export interface Hello {
  /** Version of umbra. */
  readonly umbra: string;
  readonly protocol: number;
}

export type NearMessage =
  /** `id` is new for each call. `args` as the port has them, without `signal` and `onProgress`. */
  | { readonly id: number; readonly call: CallName; readonly args: readonly unknown[] }
  | { readonly id: number; readonly cancel: true }
  /** Progress up to here was taken in: more may be sent. */
  | { readonly id: number; readonly seen: number }
  | { readonly beat: true };

export type FarMessage =
  /** The last message of a call is its result or its error. */
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: FarError }
  | { readonly id: number; readonly progress: number }
  | { readonly beat: true };

/** An `UmbraError` on its way. The text is for a near side that does not know the code. */
export interface FarError {
  readonly code: string;
  readonly context: unknown;
  readonly message: string;
}

/** The far side says so often that it lives, while calls are under way. Copies may be silent for long: fsync. */
export const FAR_BEAT_MS = 500;
/** The near side's, and how long the far side waits for any word before it takes a cut connection for granted. */
export const NEAR_BEAT_MS = 5_000;
export const NEAR_LOST_MS = 60_000;
/** A copy may be ahead of what the near side has taken in of its progress by so many bytes; then it waits. */
export const PROGRESS_AHEAD_BYTES = 64 * 1024 * 1024;
/** A longer line is an error. Content of files is in it once, in base64: about 96 MiB. */
export const MAX_FRAME_BYTES = 128 * 1024 * 1024;
