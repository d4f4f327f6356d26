import { UmbraError } from "../../errors/umbra-error.ts";
import type { RunOptions } from "../../ports/host.ts";

export interface CallGuard extends Disposable {
  /** Rejects at the deadline or with the signal's reason; never resolves. */
  readonly left: Promise<never>;
}

/** The reasons to leave a call that may never be answered: its deadline, where it has one, and its signal. */
export function guardCall(
  deadlineMs: number | undefined,
  late: () => Error,
  signal: AbortSignal | undefined,
): CallGuard {
  const { promise: left, reject } = Promise.withResolvers<never>();
  left.catch(() => {});
  const timer = deadlineMs === undefined ? undefined : setTimeout(() => reject(late()), deadlineMs);
  const cancel = () => reject(signal?.reason);
  signal?.addEventListener("abort", cancel, { once: true });
  const dispose = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  };
  return { left, [Symbol.dispose]: dispose };
}

/** Of a program that runs, the same on every host. `program` is a name, never its arguments. */
export function guardRun(host: string, program: string, { deadlineMs, signal }: RunOptions): CallGuard {
  return guardCall(deadlineMs, () => new UmbraError("UMB-7202", { host, program, deadlineMs }), signal);
}
