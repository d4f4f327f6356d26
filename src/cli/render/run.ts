import { formatDuration } from "../../domain/human.ts";
import { formatUtc } from "../../domain/instant.ts";
import type { RunRecord, StepRecord } from "../../domain/journal.ts";
import { table } from "../table.ts";

/** A run and its steps as the journal has them. */
export function runText(run: RunRecord, steps: readonly StepRecord[]): string {
  const ended =
    run.endedAt === undefined
      ? "has not ended"
      : `${run.outcome ?? "ended"} after ${formatDuration(run.endedAt - run.startedAt)}`;
  const head = `${run.id} ${run.database}: ${run.kind}, began ${formatUtc(run.startedAt)}, ${ended}`;
  const error = run.error === undefined ? [] : [`  ${run.error}`];
  return [head, ...error, stepsText(steps)].filter((part) => part !== "").join("\n");
}

export function runData(run: RunRecord, steps: readonly StepRecord[]): object {
  return { run: timed(run), steps: steps.map((step) => ({ ...timed(step), ...outcomeOf(step) })) };
}

function stepsText(steps: readonly StepRecord[]): string {
  if (steps.length === 0) return "";
  return table(
    [
      { title: "#", value: (step) => String(step.position + 1), right: true },
      { title: "STATE", value: (step) => (step.state === "intent" ? "begun" : step.state) },
      { title: "STEP", value: (step) => step.title },
      { title: "TOOK", value: tookText, right: true },
    ],
    steps,
  );
}

function tookText(step: StepRecord): string {
  return step.endedAt === undefined ? "" : formatDuration(step.endedAt - step.startedAt);
}

function timed(record: RunRecord | StepRecord): object {
  const ended = record.endedAt === undefined ? {} : { endedAt: formatUtc(record.endedAt) };
  return { ...record, startedAt: formatUtc(record.startedAt), ...ended };
}

/** The journal keeps outcomes as JSON text; in JSON output they are objects again. */
function outcomeOf(step: StepRecord): { outcome?: unknown } {
  if (step.outcome === undefined) return {};
  try {
    return { outcome: JSON.parse(step.outcome) as unknown };
  } catch {
    return { outcome: step.outcome };
  }
}
