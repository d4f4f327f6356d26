import type { Instant } from "../domain/instant.ts";

/** Time is a port, so that a test can hold it. */
export interface Clock {
  now(): Instant;
  /** Milliseconds that never go back, for durations and deadlines. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
