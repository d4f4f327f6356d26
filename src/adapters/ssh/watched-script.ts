import type { UmbraError } from "../../errors/umbra-error.ts";
import type { RunResult } from "../../ports/host.ts";
import { copyScripts } from "./copy-scripts.ts";
import { runOverSsh, type SshRunner } from "./run-over-ssh.ts";

/** A line for each piece of the largest files. */
const OUTPUT_BYTES = 16 * 1024 * 1024;
/** The longest time of a timer: the watch below ends what hangs. */
const NO_DEADLINE_MS = 2 ** 31 - 1;

export interface WatchedScript {
  readonly script: keyof typeof copyScripts;
  readonly args: readonly string[];
  readonly input?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
  /** What is thrown after so long without a line. */
  readonly stallMs: number;
  readonly stalled: (stallMs: number) => UmbraError;
  /** After this figure the script is silent until the storage has all of it: so much longer may it take. */
  readonly flush?: { readonly after: number; readonly extraMs: number } | undefined;
  /** Called with each line of figures, on whichever stream. */
  readonly onFigure?: (figure: number) => void;
}

/** A script of `copyScripts` that may take hours as long as it goes on. Errors: those of `runOverSsh`. */
export async function runWatched(runner: SshRunner, watched: WatchedScript): Promise<RunResult> {
  const { script, args, input, signal, stallMs, stalled, flush, onFigure } = watched;
  const stop = new AbortController();
  const watch = (ms: number) => setTimeout(() => stop.abort(stalled(ms)), ms);
  let timer = watch(stallMs);
  let rest = "";
  const figure = (seen: number) => {
    onFigure?.(seen);
    if (seen !== flush?.after) return;
    clearTimeout(timer);
    timer = watch(stallMs + flush.extraMs);
  };
  const onOutput = (_: string, chunk: Buffer) => {
    timer.refresh();
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (/^\d+$/.test(line)) figure(Number(line));
  };
  try {
    // The words of the tools are read, so they must be those of the C locale.
    return await runOverSsh(runner, ["env", "LC_ALL=C", "sh", "-c", copyScripts[script], "sh", ...args], {
      deadlineMs: NO_DEADLINE_MS,
      maxOutputBytes: OUTPUT_BYTES,
      signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
      onOutput,
      ...(input && { input }),
    });
  } finally {
    clearTimeout(timer);
  }
}
