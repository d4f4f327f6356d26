import { setTimeout as wait } from "node:timers/promises";

import { instant } from "../domain/instant.ts";
import type { Clock } from "../ports/clock.ts";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node wraps the reason into an AbortError; the port promises the reason itself.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
