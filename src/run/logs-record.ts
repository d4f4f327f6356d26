import type { RunOutcome } from "../domain/journal.ts";
import type { DatabaseName, RunId, StepId } from "../domain/names.ts";
import type { Warning } from "../domain/refusal.ts";
import { codeOf, failureText, messageOf } from "./failure-words.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

/** What changes the logs of an area: one at a time for a database, beside backups, which never wait for it. */
export type LogsWork = "logs-setup" | "logs-undo" | "logs-backfill" | "logs-guard" | "logs-prune";

export interface DuringOptions<T> {
  readonly lock?: boolean;
  readonly failureOf?: (result: T) => string | undefined;
}

/** What a step found or did, for the journal. */
export interface LogsStepOutcome {
  readonly note?: string;
}

/**
 * The journal, the lock and the events of one piece of work on the logs. It has a name of its own in both, so that no
 * backup is refused because a log is being copied.
 */
export class LogsRecord {
  readonly run: RunId;
  readonly #world: World;
  readonly #work: LogsWork;
  readonly #beganMs: number;
  #position = 0;

  constructor(world: World, work: LogsWork) {
    this.#world = world;
    this.#work = work;
    this.run = newRunId(world, work);
    this.#beganMs = world.clock.monotonicMs();
  }

  /**
   * Runs `work` with the lock, and closes the run on every path. Throws UMB-8001 while another one is at it. `lock: false`
   * is for what must not wait, and may be done twice at the same time. `failureOf`: why a result is none, for the journal.
   */
  async during<T>(
    steps: number,
    work: () => Promise<T>,
    { lock = true, failureOf }: DuringOptions<T> = {},
  ): Promise<T> {
    const { clock, state } = this.#world;
    const name = logsName(this.#world);
    using _lock = lock ? state.locks.take(name, this.run, clock.now()) : undefined;
    if (lock) await closeDead(this.#world, this.run);
    await state.journal.openRun({ id: this.run, database: name, kind: this.#work, startedAt: clock.now() });
    this.#tellStart(steps);
    try {
      const result = await work();
      const failure = failureOf?.(result);
      await this.#close(failure === undefined ? "done" : "failed", failure);
      return result;
    } catch (error) {
      const interrupted = this.#world.signal.aborted;
      await this.#close(interrupted ? "interrupted" : "failed", failureText(error)).catch(() => {});
      throw error;
    }
  }

  async step<T extends LogsStepOutcome>(id: StepId, title: string, work: () => Promise<T>): Promise<T> {
    const { clock, reporter, state } = this.#world;
    const { run } = this;
    const began = clock.monotonicMs();
    const told = () => ({ at: clock.now(), run, step: id, title });
    reporter.event({ kind: "step-started", ...told() });
    await state.journal.intent({ position: this.#position, ...told() });
    this.#position += 1;
    try {
      const outcome = await work();
      const text = JSON.stringify({ note: outcome.note });
      await state.journal.outcome(run, id, { at: clock.now(), state: "done", outcome: text });
      const note = outcome.note === undefined ? {} : { note: outcome.note };
      reporter.event({ kind: "step-finished", ...told(), ms: clock.monotonicMs() - began, ...note });
      return outcome;
    } catch (error) {
      reporter.event({ kind: "step-failed", ...told(), code: codeOf(error), message: messageOf(error) });
      const text = JSON.stringify({ error: failureText(error) });
      await state.journal
        .outcome(run, id, { at: clock.now(), state: "failed", outcome: text })
        .catch(() => {});
      throw error;
    }
  }

  progress(step: StepId, bytes: number, totalBytes: number): void {
    const { clock, reporter } = this.#world;
    reporter.event({ kind: "step-progress", at: clock.now(), run: this.run, step, bytes, totalBytes });
  }

  warn(warning: Warning): void {
    const { clock, reporter } = this.#world;
    reporter.event({ kind: "warning", at: clock.now(), run: this.run, warning });
  }

  #tellStart(steps: number): void {
    const { clock, database, reporter } = this.#world;
    const told = { at: clock.now(), run: this.run, database: database.name, plan: this.#work };
    reporter.event({ kind: "run-started", ...told, steps, bytes: 0 });
  }

  async #close(outcome: RunOutcome, error?: string): Promise<void> {
    const { clock, reporter, state } = this.#world;
    const at = clock.now();
    const ms = clock.monotonicMs() - this.#beganMs;
    reporter.event({ kind: "run-finished", at, run: this.run, outcome, ms });
    await state.journal.closeRun(this.run, { at, outcome, ...(error === undefined ? {} : { error }) });
  }
}

/** In the journal and among the locks; no configured database can have this name. */
function logsName({ database }: World): DatabaseName {
  return `${database.name}/logs` as DatabaseName;
}

/** The lock is ours: whoever left a run open is dead. All that such a run does may be done again. */
async function closeDead({ clock, state, database }: World, by: RunId): Promise<void> {
  for (const { id } of await state.journal.openRuns(`${database.name}/logs` as DatabaseName)) {
    await state.journal.closeRun(id, {
      at: clock.now(),
      outcome: "interrupted",
      error: `found open by ${by}`,
    });
  }
}
