import { UmbraError } from "../errors/umbra-error.ts";

/** Signals that mean: stop, but leave nothing behind. SIGHUP comes when an ssh session ends under a backup. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof SIGNALS)[number];

export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
}

export interface Interruption {
  readonly signal: AbortSignal;
  /** Stops the run as a signal does, for failures outside of any command. */
  readonly stop: (reason: string) => void;
}

/**
 * The first signal stops new work; the run then ends backup mode by itself. Further signals change nothing but say
 * what is still open: a backup mode left behind by impatience is worse than a minute of waiting.
 */
export function interruptedBy(
  source: SignalSource,
  say: (text: string) => void,
  stillOpen: () => Promise<readonly string[]>,
): Interruption {
  const controller = new AbortController();
  for (const name of SIGNALS) source.on(name, () => stop(name));
  function stop(reason: string): void {
    if (!controller.signal.aborted) {
      say(`umbra: ${reason}: no new work is begun; ending backup mode where it is on`);
      controller.abort(new UmbraError("UMB-13001", { reason }));
      return;
    }
    void sayStillOpen(reason);
  }
  async function sayStillOpen(reason: string): Promise<void> {
    const open = await stillOpen();
    const what = open.length === 0 ? "nothing is in backup mode any more" : `still open: ${open.join(", ")}`;
    say(`umbra: ${reason}: already stopping; ${what}`);
  }
  return { signal: controller.signal, stop };
}
