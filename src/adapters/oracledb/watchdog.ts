import { databaseError } from "../../errors/database-error.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CallOptions } from "../../ports/database.ts";

export interface Watch {
  readonly clock: Clock;
  readonly options: CallOptions;
  /** Asks the server to stop; the answer of the call still counts for a while. Absent: a cancelled call is left at once. */
  readonly interrupt?: () => void;
  /** The call was left without an answer. `lost` of the error is true where a session existed. */
  readonly abandon: () => void;
  readonly lost: boolean;
}

/** A server that was asked to stop gets so long to say so. */
const INTERRUPT_MS = 2_000;

/**
 * Gives what `call` gives, or an error when its deadline passes, whatever the driver does: it waits for ever on a network
 * that swallows packets.
 */
export async function watched<T>(watch: Watch, call: () => Promise<T>): Promise<T> {
  const { clock, options } = watch;
  if (options.signal?.aborted === true) throw cancelled();
  const timers = new AbortController();
  const late = Promise.withResolvers<never>();
  const leave = (error: UmbraError) => {
    late.reject(error);
    watch.abandon();
  };
  const after = (ms: number, then: () => void) => void clock.sleep(ms, timers.signal).then(then, () => {});
  after(options.deadlineMs, () => leave(missed(options.deadlineMs, watch.lost)));
  const cancel = () => {
    watch.interrupt?.();
    if (watch.interrupt === undefined) leave(cancelled(watch.lost));
    else after(INTERRUPT_MS, () => leave(cancelled(watch.lost)));
  };
  options.signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await Promise.race([call(), late.promise]);
  } finally {
    timers.abort();
    options.signal?.removeEventListener("abort", cancel);
  }
}

function missed(deadlineMs: number, lost: boolean): UmbraError {
  return new UmbraError("UMB-5203", { ora: null, message: "no answer", lost, deadlineMs });
}

export function cancelled(lost = false): UmbraError {
  if (!lost) return databaseError(1013, "ORA-01013: user requested cancel of current operation");
  return new UmbraError("UMB-5204", { ora: null, message: "no answer to the interrupt", lost });
}
