import type { CatalogEntry } from "../domain/journal.ts";
import type { Plan } from "../domain/plan.ts";
import type { Step, StepKind, StepOf } from "../domain/step.ts";
import { describeStep, flatSteps } from "../plan/describe-step.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { abandon } from "./abandon.ts";
import { isAreaPlan } from "./area-plan.ts";
import { catalogEntry } from "./catalog-entry.ts";
import { Downtime } from "./downtime.ts";
import { eachOf } from "./each-of.ts";
import { failureText, messageOf, codeOf } from "./failure-words.ts";
import { handlers } from "./handlers/index.ts";
import { keepSnapshots } from "./keep-snapshots.ts";
import { RunResults } from "./run-results.ts";
import { Sessions } from "./sessions.ts";
import type { Handler, StepContext } from "./step-context.ts";
import type { World } from "./world.ts";

/**
 * Performs a plan: intent → effect → outcome in the journal, step by step. Whatever goes wrong, backup mode that this
 * run began is ended before this returns (rule 40), and the run's directory is removed.
 * Errors: UMB-10001 where backup mode could not be ended, then the run and its obligation stay open; UMB-13001 where
 * the world's signal stopped it; else the error of the step that failed.
 */
export async function execute(plan: Plan, world: World): Promise<CatalogEntry> {
  const { journal, catalog } = world.state;
  const { run, database, kind, directory } = plan;
  const startedAt = world.clock.now();
  const beganMs = world.clock.monotonicMs();
  const results = new RunResults();
  if (isAreaPlan(plan)) results.area.kept.push(...plan.kept);
  const downtime = new Downtime(world);
  const finished = (outcome: "done" | "failed" | "interrupted") =>
    world.reporter.event({
      kind: "run-finished",
      at: world.clock.now(),
      run,
      outcome,
      ms: world.clock.monotonicMs() - beganMs,
    });
  await journal.openRun({ id: run, database, kind, startedAt, directory });
  announce(plan, world);
  try {
    await using sessions = new Sessions(world);
    const parts = { plan, world, sessions, results, downtime, positions: positionsOf(plan) };
    const context = contextOf(parts, AbortSignal.any([world.signal, downtime.signal]));
    await context.perform(plan.steps, 1);
    const { written } = results;
    if (written === undefined) throw new UmbraError("UMB-1001", { what: "the plan has no manifest" });
    const entry = catalogEntry(written.manifest, written.text, directory);
    await catalog.add(entry);
    await keepSnapshots(world, results);
    await journal.closeRun(run, { at: world.clock.now(), outcome: "done" });
    finished("done");
    return entry;
  } catch (error) {
    const cause = downtime.signal.aborted && !world.signal.aborted ? downtime.signal.reason : error;
    downtime.unwatch();
    const { outcome, failure } = await abandon(plan, world, results, cause);
    finished(outcome);
    throw failure;
  }
}

function announce(plan: Plan, { clock, reporter }: World): void {
  const { run, database, kind, bytes, files, warnings } = plan;
  const steps = flatSteps(plan.steps).length;
  reporter.event({ kind: "run-started", at: clock.now(), run, database, plan: kind, steps, bytes, files });
  for (const warning of warnings) reporter.event({ kind: "warning", at: clock.now(), run, warning });
}

interface RunParts {
  readonly plan: Plan;
  readonly world: World;
  readonly sessions: Sessions;
  readonly results: RunResults;
  readonly downtime: Downtime;
  /** Place of each step in the plan, groups before their steps. */
  readonly positions: ReadonlyMap<Step["id"], number>;
}

function positionsOf(plan: Plan): ReadonlyMap<Step["id"], number> {
  const all = plan.steps.flatMap((step): readonly Step[] =>
    step.kind === "in-parallel" ? [step, ...step.steps] : [step],
  );
  return new Map(all.map((step, index) => [step.id, index]));
}

function contextOf(parts: RunParts, signal: AbortSignal): StepContext {
  const { plan, world, sessions, results, downtime } = parts;
  const deadlineMs = world.database.deadlines.statementMs;
  const { clock, reporter } = world;
  return {
    plan,
    world,
    sessions,
    results,
    downtime,
    signal,
    statement: { deadlineMs, signal },
    hosts: { deadlineMs, signal },
    perform: (steps, width) =>
      eachOf(steps, width, signal, (step, stop) => performStep(step, parts, contextOf(parts, stop))),
    progress: (step, bytes, totalBytes) =>
      reporter.event({
        kind: "step-progress",
        at: clock.now(),
        run: plan.run,
        step,
        bytes,
        totalBytes,
        ...downtime.told,
      }),
  };
}

async function performStep(step: Step, parts: RunParts, context: StepContext): Promise<void> {
  if (step.kind === "in-parallel") return await context.perform(step.steps, step.width);
  const { world, plan } = parts;
  const { journal } = world.state;
  const { clock, reporter } = world;
  const { run } = plan;
  const { title } = describeStep(step);
  const began = clock.monotonicMs();
  const position = parts.positions.get(step.id) ?? 0;
  reporter.event({ kind: "step-started", at: clock.now(), run, step: step.id, title });
  await journal.intent({ run, step: step.id, position, title, at: clock.now() });
  try {
    const outcome = await handle(step, context);
    const text = JSON.stringify(outcome);
    await journal.outcome(run, step.id, { at: clock.now(), state: "done", outcome: text });
    const ms = clock.monotonicMs() - began;
    const note = outcome.note === undefined ? {} : { note: outcome.note };
    reporter.event({ kind: "step-finished", at: clock.now(), run, step: step.id, title, ms, ...note });
  } catch (error) {
    const code = codeOf(error);
    const message = messageOf(error);
    reporter.event({ kind: "step-failed", at: clock.now(), run, step: step.id, title, code, message });
    const text = JSON.stringify({ error: failureText(error) });
    // The failure of the step is what counts, even where the journal cannot be written any more.
    await journal.outcome(run, step.id, { at: clock.now(), state: "failed", outcome: text }).catch(() => {});
    throw error;
  }
}

function handle<K extends StepKind>(step: StepOf<K>, context: StepContext): ReturnType<Handler<K>> {
  const { kind } = step as { readonly kind: K };
  return handlers[kind](step, context);
}
