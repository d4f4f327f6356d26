import { instant } from "../../src/domain/instant.ts";
import type { Clock } from "../../src/ports/clock.ts";

/** Sleeping takes no time, and both clocks are later by what was slept. */
export function hurriedClock(inner: Clock): Clock {
  let slept = 0;
  return {
    now: () => instant(Math.round(inner.now() + slept)),
    monotonicMs: () => inner.monotonicMs() + slept,
    sleep: (ms) => {
      slept += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}
