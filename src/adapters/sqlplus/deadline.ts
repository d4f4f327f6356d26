import type { Clock } from "../../ports/clock.ts";
import type { InstanceCall } from "../../ports/instance.ts";

/** One deadline for a call that runs several programs: gives what is left of it, at least a millisecond. */
export function sharedDeadline(clock: Clock, call: InstanceCall): () => InstanceCall {
  const endAt = clock.monotonicMs() + call.deadlineMs;
  return () => ({ ...call, deadlineMs: Math.max(1, endAt - clock.monotonicMs()) });
}
