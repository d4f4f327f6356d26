import type { ScnInterval } from "../domain/coverage.ts";
import type { Instant } from "../domain/instant.ts";
import type {
  RetentionObject,
  RetentionPlan,
  RetentionPolicy,
  RetentionVerdict,
} from "../domain/retention.ts";
import { formatScn, type Scn } from "../domain/scn.ts";
import { complement, lost } from "../coverage/intervals.ts";
import type { PeriodName } from "./period-name.ts";
import { reasonsToStay } from "./reasons-to-stay.ts";

export interface RetentionInput {
  readonly policy: RetentionPolicy;
  readonly objects: readonly RetentionObject[];
  readonly now: Instant;
  readonly periodName: PeriodName;
  /** What could be restored if only these objects were there. More objects never cover less. */
  readonly coveredBy: (ids: ReadonlySet<string>) => readonly ScnInterval[];
  /** Targets from here on that can be restored now must stay so. Absent: coverage is shown, not protected. */
  readonly protectedFrom?: Scn;
  /** What could not be restored any more, for people. */
  readonly targetsText?: (lost: ScnInterval) => string;
}

/**
 * What stays and what goes. Nothing is given up that a rule keeps, that is held or used, or without which a protected
 * target could not be restored any more. To plan again after the plan was applied changes nothing.
 */
export function planRetention(input: RetentionInput): RetentionPlan {
  const objects = input.objects.toSorted((a, b) => a.takenAt - b.takenAt || (a.id < b.id ? -1 : 1));
  const reasons = reasonsToStay({ ...input, objects });
  const kept = new Set(objects.map((one) => one.id));
  const before = input.coveredBy(kept);
  const verdicts = objects.map((one): RetentionVerdict => {
    const why = reasons.get(one.id) ?? [];
    if (why.length > 0) return { id: one.id, stays: true, why };
    const needed = protectedLoss(one.id, kept, before, input);
    if (needed !== undefined) return { id: one.id, stays: true, why: [neededText(needed, input)] };
    kept.delete(one.id);
    return { id: one.id, stays: false, why: [goesText(one)] };
  });
  const after = input.coveredBy(kept);
  return { verdicts, before, after, given: lost(before, after) };
}

function protectedLoss(
  id: string,
  kept: ReadonlySet<string>,
  before: readonly ScnInterval[],
  { coveredBy, protectedFrom }: RetentionInput,
): ScnInterval | undefined {
  if (protectedFrom === undefined) return undefined;
  const without = new Set([...kept].filter((one) => one !== id));
  const guarded = before
    .filter((one) => one.to >= protectedFrom)
    .map((one) => ({ from: one.from < protectedFrom ? protectedFrom : one.from, to: one.to }));
  const after = coveredBy(without);
  return guarded.flatMap((one) => complement(after, one))[0];
}

function neededText(needed: ScnInterval, { targetsText = scnsText }: RetentionInput): string {
  return `without it ${targetsText(needed)} could not be restored any more`;
}

function scnsText({ from, to }: ScnInterval): string {
  return `SCN ${formatScn(from)} to ${formatScn(to)}`;
}

function goesText({ good }: RetentionObject): string {
  return good ? "no rule keeps it, and nothing needs it" : "it is not good, and good ones are there";
}
