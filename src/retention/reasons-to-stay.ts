import { formatUtc, type Instant } from "../domain/instant.ts";
import {
  type Hold,
  isInForce,
  PERIODS,
  type RetentionObject,
  type RetentionPolicy,
} from "../domain/retention.ts";
import type { PeriodName } from "./period-name.ts";

export interface StayInput {
  readonly policy: RetentionPolicy;
  /** Oldest first. */
  readonly objects: readonly RetentionObject[];
  readonly now: Instant;
  readonly periodName: PeriodName;
}

/** Sentences by object, each a reason of its own; an object without any may go. */
export function reasonsToStay(input: StayInput): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map(input.objects.map((one): [string, string[]] => [one.id, []]));
  const say = (id: string, why: string) => void reasons.get(id)?.push(why);
  for (const one of input.objects) {
    if (one.unseen !== undefined) say(one.id, `it cannot be judged: ${one.unseen}`);
    for (const user of one.usedBy) say(one.id, `${user} uses it now`);
    for (const hold of one.holds) if (isInForce(hold, input.now)) say(one.id, holdText(hold));
  }
  minimumText(input, say);
  recentText(input, say);
  periodText(input, say);
  onlyBadText(input, say);
  return reasons;
}

type Say = (id: string, why: string) => void;

function holdText({ owner, reason, expiresAt }: Hold): string {
  const until = expiresAt === undefined ? "until it is released" : `until ${formatUtc(expiresAt)}`;
  return `held by ${owner} ${until}: ${reason}`;
}

function minimumText({ policy, objects }: StayInput, say: Say): void {
  const good = objects.filter((one) => one.good);
  const proven = good.filter((one) => one.proven);
  const wanted = Math.max(1, policy.minimumGood);
  for (const one of good.slice(-wanted)) say(one.id, `one of the newest ${wanted} that are good`);
  // The last proven one is never given away, whatever the policy says.
  const provenWanted = Math.max(1, policy.minimumProven);
  for (const one of proven.slice(-provenWanted)) {
    say(one.id, `one of the newest ${provenWanted} that a restore has proven`);
  }
}

function recentText({ policy, objects }: StayInput, say: Say): void {
  const newest = objects.findLast((one) => one.good);
  if (newest === undefined || policy.keepWithinMs === undefined) return;
  const from = newest.takenAt - policy.keepWithinMs;
  for (const one of objects) {
    if (one.takenAt >= from) say(one.id, `not older than the newest good one by the time that all are kept`);
  }
}

function periodText({ policy, objects, periodName }: StayInput, say: Say): void {
  for (const period of PERIODS) {
    const newest = new Map<string, RetentionObject>();
    for (const one of objects) {
      if (one.good) newest.set(periodName(period, one.takenAt), one);
    }
    const wanted = policy.keep[period] ?? 0;
    const kept = [...newest].toSorted(([, a], [, b]) => b.takenAt - a.takenAt).slice(0, wanted);
    for (const [index, [name, one]] of kept.entries()) {
      say(one.id, `the newest of ${name} (${period}, ${index + 1} of ${wanted})`);
    }
  }
}

/** What is not good is still better than nothing. */
function onlyBadText({ objects }: StayInput, say: Say): void {
  if (objects.some((one) => one.good)) return;
  for (const one of objects) say(one.id, "nothing good is there instead");
}
