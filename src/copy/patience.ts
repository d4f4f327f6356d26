import { leaveBehind } from "./left-behind.ts";
import { failureOf, stalled, type Operation } from "./failure.ts";

/** How long a copy waits for anything, and who may end it. */
export interface Patience {
  readonly stallMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The result of a call to the operating system, or its error in umbra's words. A call that does not answer within the
 * deadline is abandoned, because nothing can end it; what it still gives later goes to `late`.
 */
export async function within<T>(
  patience: Patience,
  operation: Operation,
  work: Promise<T>,
  late: (value: T) => void = () => {},
  deadlineMs: number = patience.stallMs,
): Promise<T> {
  let waiting = true;
  let pending = true;
  let answeredLate = () => {};
  const gate = Promise.withResolvers<never>();
  const timer = setTimeout(() => gate.reject(stalled(operation, deadlineMs)), deadlineMs);
  const onAbort = () => gate.reject(patience.signal?.reason);
  patience.signal?.addEventListener("abort", onAbort, { once: true });
  if (patience.signal?.aborted === true) onAbort();
  const answered = work.then(
    (value) => {
      pending = false;
      answeredLate();
      if (!waiting) late(value);
      return value;
    },
    (error: unknown) => {
      pending = false;
      answeredLate();
      throw failureOf(operation, error);
    },
  );
  try {
    return await Promise.race([answered, gate.promise]);
  } finally {
    waiting = false;
    if (pending) answeredLate = leaveBehind();
    clearTimeout(timer);
    patience.signal?.removeEventListener("abort", onAbort);
    answered.catch(() => {});
    gate.promise.catch(() => {});
  }
}
