import { UmbraError } from "../../errors/umbra-error.ts";
import type { RunOptions } from "../../ports/host.ts";

export interface RunGuard extends Disposable {
  /** Rejects at the deadline or with the signal's reason; never resolves. */
  readonly left: Promise<never>;
}

/** The two reasons to leave a program that runs, the same on every host. `program` is a name, never its arguments. */
export function guardRun(host: string, program: string, options: RunOptions): RunGuard {
  const { promise: left, reject } = Promise.withResolvers<never>();
  left.catch(() => {});
  const { deadlineMs, signal } = options;
  const late = () => reject(new UmbraError("UMB-7202", { host, program, deadlineMs }));
  const timer = setTimeout(late, deadlineMs);
  const cancel = () => reject(signal?.reason);
  signal?.addEventListener("abort", cancel, { once: true });
  const dispose = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  };
  return { left, [Symbol.dispose]: dispose };
}
