import type { RunOutcome } from "../domain/journal.ts";
import type { RunId } from "../domain/names.ts";
import type { ReconcileStep } from "../domain/reconcile-plan.ts";
import { describeReconcileStep } from "../plan/describe-reconcile.ts";
import { codeOf, failureText, messageOf } from "./failure-words.ts";
import type { StepOutcome } from "./step-context.ts";
import type { World } from "./world.ts";

/**
 * Writes what reconcile does into the journal, as a run of its own, and tells it by events. A journal that cannot be
 * written stops nothing: END BACKUP comes first. Its first failure is kept in `problem`.
 */
export class ReconcileRecord {
  readonly #world: World;
  readonly #run: RunId;
  readonly #beganMs: number;
  problem: unknown;

  constructor(world: World, run: RunId) {
    this.#world = world;
    this.#run = run;
    this.#beganMs = world.clock.monotonicMs();
  }

  async open(steps: number): Promise<void> {
    const { clock, database, reporter, state } = this.#world;
    const run = this.#run;
    const at = clock.now();
    await this.#note(
      state.journal.openRun({ id: run, database: database.name, kind: "reconcile", startedAt: at }),
    );
    reporter.event({
      kind: "run-started",
      at,
      run,
      database: database.name,
      plan: "reconcile",
      steps,
      bytes: 0,
    });
  }

  async step(step: ReconcileStep, position: number, work: () => Promise<StepOutcome>): Promise<void> {
    const { clock, reporter, state } = this.#world;
    const run = this.#run;
    const { title } = describeReconcileStep(step);
    const began = clock.monotonicMs();
    const told = () => ({ at: clock.now(), run, step: step.id, title });
    reporter.event({ kind: "step-started", ...told() });
    await this.#note(state.journal.intent({ position, ...told() }));
    try {
      const outcome = await work();
      const text = JSON.stringify(outcome);
      await this.#note(
        state.journal.outcome(run, step.id, { at: clock.now(), state: "done", outcome: text }),
      );
      const ms = clock.monotonicMs() - began;
      const note = outcome.note === undefined ? {} : { note: outcome.note };
      reporter.event({ kind: "step-finished", ...told(), ms, ...note });
    } catch (error) {
      reporter.event({ kind: "step-failed", ...told(), code: codeOf(error), message: messageOf(error) });
      const text = JSON.stringify({ error: failureText(error) });
      await this.#note(
        state.journal.outcome(run, step.id, { at: clock.now(), state: "failed", outcome: text }),
      );
      throw error;
    }
  }

  async close(outcome: RunOutcome, error?: string): Promise<void> {
    const { clock, reporter, state } = this.#world;
    const run = this.#run;
    const at = clock.now();
    await this.#note(state.journal.closeRun(run, { at, outcome, ...(error === undefined ? {} : { error }) }));
    reporter.event({ kind: "run-finished", at, run, outcome, ms: clock.monotonicMs() - this.#beganMs });
  }

  async #note(writing: Promise<void>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      this.problem ??= error;
    }
  }
}
