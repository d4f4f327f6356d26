import type { StepId } from "../domain/names.ts";
import type { Plan } from "../domain/plan.ts";
import type { Step, StepKind, StepOf } from "../domain/step.ts";
import type { CallOptions } from "../ports/database.ts";
import type { HostOptions } from "../ports/host.ts";
import type { Downtime } from "./downtime.ts";
import type { RunResults } from "./run-results.ts";
import type { Sessions } from "./sessions.ts";
import type { World } from "./world.ts";

/** What a handler gets besides its step. */
export interface StepContext {
  readonly world: World;
  readonly plan: Plan;
  readonly sessions: Sessions;
  readonly results: RunResults;
  /** Of a cold backup; it never begins for others. */
  readonly downtime: Downtime;
  /** Aborted with the run, and for copies beside one that failed. */
  readonly signal: AbortSignal;
  /** Deadlines of one statement and of one call to a host, with the run's signal. */
  readonly statement: CallOptions;
  readonly hosts: HostOptions;
  /** Performs steps of a group with journal and events, `width` at once; the first failure stops the others. */
  perform(steps: readonly Step[], width: number): Promise<void>;
  progress(step: StepId, bytes: number, totalBytes: number): void;
}

/** Performs one kind of step. The result goes into the journal: plain JSON, SCNs as text. */
export type Handler<K extends StepKind> = (step: StepOf<K>, context: StepContext) => Promise<StepOutcome>;

export interface StepOutcome {
  /** For people, shown behind the step. */
  readonly note?: string;
  readonly [key: string]: unknown;
}
