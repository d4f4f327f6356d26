import { counted, formatBytes, printable } from "../../domain/human.ts";
import { formatUtc } from "../../domain/instant.ts";
import type { LogMark, LogPruneLine, LogPruneReport, PrunedLogs } from "../../domain/log-prune.ts";
import { formatScn } from "../../domain/scn.ts";
import { logGroups, sequencesText } from "../../plan/log-groups.ts";
import { table } from "../table.ts";
import { changeData, changeLines } from "./coverage-change.ts";
import { prunedSum } from "./pruned-logs.ts";

/** A sentence for each group of logs, then what can be restored before and after, then how it is applied. */
export function pruneText(report: LogPruneReport): string {
  const { database, id, lines, bytes, removing, strange, unreachable } = report;
  const going = lines.filter(({ goes }) => goes);
  const marked = going.filter(({ mark }) => mark !== undefined);
  const stays = lines.length - going.length;
  const parts = [
    lines.length === 0 ? `${database} has no archived logs in its live area.` : linesText(lines),
    ...(removing.length === 0 ? [] : [`${counted(removing.length, "log")} being removed.`]),
    ...(strange.length === 0
      ? []
      : [`Left alone, because not recognised as whole logs of it: ${counted(strange.length, "file")}.`]),
    ...changeLines(report),
    ...(unreachable === undefined
      ? []
      : [`The database was not asked, so nothing goes: ${printable(unreachable)}`]),
    `${stays} of ${counted(lines.length, "log")} ${stays === 1 ? "stays" : "stay"}; ${going.length} (${formatBytes(bytes)}) ${going.length === 1 ? "goes" : "go"}, ${marked.length} marked already.`,
    going.length === marked.length
      ? `Plan ${id}. Nothing was changed.`
      : `Plan ${id}. Nothing was changed: \`umbra logs prune ${database} --apply ${id}\` marks what goes.`,
  ];
  return parts.join("\n");
}

type Group = readonly [LogPruneLine, ...LogPruneLine[]];

function linesText(lines: readonly LogPruneLine[]): string {
  return table(
    [
      { title: "INCARNATION", value: ([{ log }]: Group) => log.incarnation },
      { title: "THREAD", value: ([{ log }]: Group) => String(log.thread), right: true },
      { title: "SEQUENCE", value: sequencesOf, right: true },
      { title: "FROM SCN", value: ([{ log }]: Group) => formatScn(log.firstScn), right: true },
      { title: "TO SCN", value: (group: Group) => formatScn(lastOf(group).log.nextScn), right: true },
      { title: "SIZE", value: (group: Group) => formatBytes(sizeOf(group)), right: true },
      { title: "", value: ([{ goes }]: Group) => (goes ? "GOES" : "stays") },
      { title: "WHY", value: ([line]: Group) => whyText(line) },
    ],
    groupsOf(lines),
  );
}

function groupsOf(lines: readonly LogPruneLine[]): readonly Group[] {
  return logGroups(
    lines,
    ({ log }) => log,
    (a, b) => a.goes === b.goes && whyText(a) === whyText(b),
  );
}

function sequencesOf([{ log }, ...others]: Group): string {
  return sequencesText([log, ...others.map((one) => one.log)]);
}

function lastOf(group: Group): LogPruneLine {
  return group.at(-1) ?? group[0];
}

function sizeOf(group: Group): number {
  return group.reduce((sum, { log }) => sum + log.bytes, 0);
}

/** So many reasons tell enough; the machine-readable form has them all. */
const REASONS = 2;

function whyText({ goes, why, mark }: LogPruneLine): string {
  const more = why.length > REASONS ? [`and ${why.length - REASONS} more`] : [];
  const reasons = [...why.slice(0, REASONS), ...more].join("; ");
  if (mark === undefined) return reasons;
  const marked = `marked on ${seconds(mark.markedAt)}`;
  return goes
    ? `${reasons} (${marked}, removed from ${seconds(mark.removeFrom)} on)`
    : `${reasons} (${marked}: the next run takes that back)`;
}

export function prunedText({ database }: LogPruneReport, applied: PrunedLogs): string {
  const { marked, takenBack, removed, problems } = applied;
  const [first] = marked;
  const from = first === undefined ? "" : ` from ${seconds(first.removeFrom)} on`;
  const undo = first === undefined ? [] : [`\`umbra logs prune ${database} --undo\` keeps what is marked.`];
  const lines = [
    ...marksText(marked, (text) => `${text} goes${from}.`),
    ...undo,
    ...marksText(takenBack, (text) => `${text} stays after all.`),
    ...marksText(removed, (text) => `${text} is removed.`),
    ...problems.map(({ path, problem }) => `NOT DONE: ${printable(path)}: ${printable(problem)}`),
  ];
  return [...lines, `${database}: ${prunedSum(applied)}`].join("\n");
}

function marksText(marks: readonly LogMark[], say: (text: string) => string): readonly string[] {
  return logGroups(marks, (mark) => mark).map((group) =>
    say(`thread ${group[0].thread} sequence ${sequencesText(group)} of incarnation ${group[0].incarnation}`),
  );
}

/** SCNs are text, moments RFC 3339 in UTC. */
export function pruneData(report: LogPruneReport): object {
  const { lines, removing, strange, config, directory, unreachable } = report;
  return {
    ...pruneSummary(report),
    directory,
    policy: config,
    logs: lines.map(({ log, goes, why, mark }) => ({
      incarnation: log.incarnation,
      thread: log.thread,
      sequence: log.sequence,
      firstScn: formatScn(log.firstScn),
      nextScn: formatScn(log.nextScn),
      path: log.path,
      bytes: log.bytes,
      stays: !goes,
      why,
      ...(mark === undefined ? {} : { removeFrom: formatUtc(mark.removeFrom) }),
    })),
    removing: removing.map(({ path }) => path),
    strange,
    ...changeData(report),
    ...(unreachable === undefined ? {} : { unreachable }),
  };
}

/** For the plan of the retention, which ends with these logs. */
export function pruneSummary({ id, database, at, lines, bytes }: LogPruneReport): object {
  const goes = lines.filter((line) => line.goes).length;
  return { plan: id, database, at: formatUtc(at), count: lines.length, goes, bytes };
}

export function pruneHint({ database, lines, bytes }: LogPruneReport): string {
  const going = lines.filter(({ goes }) => goes).length;
  const are = going === 1 ? "is" : "are";
  return `Archived logs: ${going} of ${lines.length} in the live area ${are} not needed any more (${formatBytes(bytes)}). \`umbra logs prune ${database} --plan\` says why; \`umbra retention apply ${database} --by-policy\` marks them too.`;
}

function seconds(at: LogMark["markedAt"]): string {
  return formatUtc(at).replace(/\.\d+Z$/, "Z");
}
