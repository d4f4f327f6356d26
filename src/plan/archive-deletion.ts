import type { Incarnation } from "../domain/coverage.ts";
import type {
  LogDeletionInput,
  LogDeletionPlan,
  LogDeletionVerdict,
  RedoNeed,
  StoredLog,
} from "../domain/log-deletion.ts";
import { formatScn } from "../domain/scn.ts";

/**
 * Which logs of the area nobody needs any more (rule 97), with a sentence for each. Where no copy stays at all nothing goes:
 * then nobody could say what is not needed. What is not known counts as needed. Deleting is somebody else's, and is done
 * only with a plan whose logs are still what they were.
 */
export function planLogDeletion(input: LogDeletionInput): LogDeletionPlan {
  const ordered = input.logs.toSorted(
    (a, b) => Number(a.incarnation) - Number(b.incarnation) || a.thread - b.thread || a.sequence - b.sequence,
  );
  const verdicts = ordered.map((log) => verdictOf(log, input));
  const bytes = verdicts.reduce((sum, { goes, log }) => sum + (goes ? log.bytes : 0), 0);
  return { verdicts, bytes };
}

function verdictOf(log: StoredLog, { needs, incarnations, unknown }: LogDeletionInput): LogDeletionVerdict {
  const sources = needs.filter((need) => need.kind === "source");
  const why = [
    ...unknown.map((what) => `it is not known what ${what} needs`),
    ...(sources.length === 0 ? ["no copy stays, so nothing tells which redo is not needed"] : []),
    ...needs.flatMap((need) => reasonOf(log, need, incarnations) ?? []),
  ];
  if (why.length > 0) return { log, goes: false, why };
  return { log, goes: true, why: ["nothing that stays needs it"] };
}

function reasonOf(log: StoredLog, need: RedoNeed, incarnations: readonly Incarnation[]): string | undefined {
  const place = placeOf(log.incarnation, need.incarnation, incarnations);
  if (place === "before") return undefined;
  if (need.kind === "standby") {
    const applied = need.applied[log.thread];
    if (place === "same" && applied !== undefined && log.sequence <= applied) return undefined;
    return `standby ${need.name} has not applied it`;
  }
  // What came after a RESETLOGS is newer than all that leads to it.
  if (place === "same" && log.nextScn <= need.from) return undefined;
  if (need.kind === "source") return sourceReason(log, need, place);
  const from = `from SCN ${formatScn(need.from)} on`;
  return need.kind === "capture"
    ? `${need.name} reads redo ${from}`
    : `guaranteed restore point ${need.name} needs redo ${from}`;
}

function sourceReason(
  log: StoredLog,
  { name, from, to }: Extract<RedoNeed, { kind: "source" }>,
  place: "same" | "after",
): string | undefined {
  const needs = `${name} needs redo from SCN ${formatScn(from)}`;
  if (to === undefined) return `${needs} on`;
  return place === "after" || log.firstScn >= to ? undefined : `${needs} to ${formatScn(to)}`;
}

/**
 * Where a log's incarnation lies as seen from the one in which redo is needed. `after` are its descendants, and all that
 * is not known to be an ancestor or a sibling: what nobody can place is kept.
 */
function placeOf(
  log: string,
  need: string,
  incarnations: readonly Incarnation[],
): "same" | "before" | "after" {
  if (log === need) return "same";
  const above = ancestors(need, incarnations);
  if (above.includes(log)) return "before";
  const aboveLog = ancestors(log, incarnations);
  if (aboveLog.includes(need)) return "after";
  // A branch that left the line before: no recovery from there leads into it.
  const known = [log, need].every((id) => incarnations.some((one) => one.id === id));
  return known && aboveLog.some((id) => above.includes(id)) ? "before" : "after";
}

function ancestors(id: string, incarnations: readonly Incarnation[]): readonly string[] {
  const found: string[] = [];
  let next = incarnations.find((one) => one.id === id)?.parent;
  while (next !== undefined && !found.includes(next)) {
    found.push(next);
    const parent: string = next;
    next = incarnations.find((one) => one.id === parent)?.parent;
  }
  return found;
}
