import { coverage } from "../coverage/coverage.ts";
import { lost } from "../coverage/intervals.ts";
import type { CoverageInput, RedoLog } from "../domain/coverage.ts";
import type { StoredLog } from "../domain/log-deletion.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { ProtectedTargets } from "./protected-targets.ts";

type Key = Pick<RedoLog, "incarnation" | "thread" | "sequence" | "firstScn" | "nextScn">;

/** What coverage would be computed from if these logs did not lie at that place any more. */
export function withoutLogs(
  input: CoverageInput,
  place: string,
  going: readonly Pick<StoredLog, keyof Key>[],
): CoverageInput {
  const gone = new Set(going.map(keyOf));
  const logs = input.logs.flatMap((log) => {
    const places = gone.has(keyOf(log)) ? log.places.filter((one) => one !== place) : log.places;
    return places.length === 0 ? [] : [{ ...log, places }];
  });
  return { ...input, logs };
}

function keyOf({ incarnation, thread, sequence, firstScn, nextScn }: Key): string {
  return `${incarnation}/${thread}/${sequence}/${firstScn}/${nextScn}`;
}

/** No protected target may be lost, and no copy the moment from which it restores. */
export function refuseLoss(
  before: CoverageInput,
  after: CoverageInput,
  targets: ProtectedTargets,
): readonly Refusal[] {
  const todo = "report it: the logs that go were taken for not needed";
  const lostTargets = lost(targets.in(before), targets.in(after)).map((one): Refusal => ({
    code: "UMB-3167",
    rule: 97,
    seen: `without the logs that go, ${targets.text(one)} could not be restored any more`,
    todo,
  }));
  return [...lostTargets, ...lostSources(before, after).map((seen) => ({ code: "UMB-3167", seen, todo }))];
}

function lostSources(before: CoverageInput, after: CoverageInput): readonly string[] {
  const ways = coverage(after);
  return coverage(before).flatMap(({ incarnation, ways: had }) => {
    const has = ways.find((one) => one.incarnation === incarnation)?.ways ?? [];
    const own = new Set(before.sources.flatMap((one) => (one.incarnation === incarnation ? [one.id] : [])));
    return had
      .filter(({ source }) => own.has(source))
      .filter(({ source, from }) => !has.some((way) => way.source === source && way.from === from))
      .map(({ source }) => `without the logs that go, ${source} could not be restored any more`);
  });
}
