import { counted } from "../../domain/human.ts";
import { formatUtc, type Instant } from "../../domain/instant.ts";
import type { AppliedRetention, RetentionLine, RetentionReport } from "../../domain/retention-report.ts";
import type { Tombstone } from "../../domain/retention.ts";
import { table } from "../table.ts";
import { changeData, changeLines } from "./coverage-change.ts";
import { isQuiet, prunedData, prunedSum } from "./pruned-logs.ts";

/** A sentence for each object, then what can be restored before and after, then how it is applied. */
export function retentionText(report: RetentionReport): string {
  const { database, id, lines, removing, unreachable } = report;
  const going = lines.filter(({ stays }) => !stays);
  const staying = lines.length - going.length;
  const marked = going.filter(({ tombstone }) => tombstone !== undefined);
  const parts = [
    lines.length === 0 ? `${database} has no backup or snapshot that could go.` : linesText(lines),
    ...removing.map(({ object }) => `${object} is being removed.`),
    ...changeLines(report),
    ...(unreachable === undefined
      ? []
      : [`The database was not asked, so what came after its last backup is not shown: ${unreachable}`]),
    `${staying} of ${counted(lines.length, "object")} ${staying === 1 ? "stays" : "stay"}; ${going.length} ${going.length === 1 ? "goes" : "go"}, ${marked.length} marked already.`,
    going.length === marked.length
      ? `Plan ${id}. Nothing was changed.`
      : `Plan ${id}. Nothing was changed: \`umbra retention apply ${database} --plan ${id}\` marks what goes.`,
  ];
  return parts.join("\n");
}

function linesText(lines: readonly RetentionLine[]): string {
  return table(
    [
      { title: "OBJECT", value: ({ object }: RetentionLine) => object.id },
      { title: "TAKEN", value: ({ takenAt }: RetentionLine) => seconds(takenAt) },
      { title: "", value: ({ stays }: RetentionLine) => (stays ? "stays" : "GOES") },
      { title: "WHY", value: whyText },
    ],
    lines,
  );
}

function whyText({ stays, why, tombstone }: RetentionLine): string {
  const reasons = why.join("; ");
  if (tombstone === undefined) return reasons;
  const marked = `marked on ${seconds(tombstone.markedAt)}`;
  return stays
    ? `${reasons} (${marked}: the next apply takes that back)`
    : `${reasons} (${marked}, removed from ${seconds(tombstone.removeFrom)} on)`;
}

export function appliedText({ database }: RetentionReport, applied: AppliedRetention): string {
  const { marked, takenBack, removed, waiting, left, problems, logs, thinned } = applied;
  const lines = [
    ...marked.map(
      ({ object, removeFrom, run }) =>
        `${object} goes from ${seconds(removeFrom)} on; \`umbra retention undo ${database} ${run}\` keeps it.`,
    ),
    ...takenBack.map(({ object, why }) => `${object} stays after all: ${why}.`),
    ...removed.map((object) => `${object} is removed.`),
    ...left.map((path) => `${path} is not umbra's and was left.`),
    ...(logs === undefined || isQuiet(logs) ? [] : [prunedSum(logs)]),
    ...(thinned === 0
      ? []
      : [
          `${counted(thinned, "heartbeat")} of times that nothing is restored to went; one an hour or a day stays.`,
        ]),
    ...problems.map(({ object, problem }) => `NOT DONE: ${object}: ${problem}`),
  ];
  const sum = `${database}: ${marked.length} marked, ${removed.length} removed, ${waiting.length} waiting, ${problems.length} not done.`;
  return [...lines, sum].join("\n");
}

/** SCNs are text, moments RFC 3339 in UTC. */
export function retentionData(report: RetentionReport): object {
  const { id, database, at, config, lines, removing, current, unreachable } = report;
  return {
    plan: id,
    database,
    at: formatUtc(at),
    policy: config,
    objects: lines.map(({ object, takenAt, stays, why, tombstone }) => ({
      id: object.id,
      takenAt: formatUtc(takenAt),
      stays,
      why,
      ...(tombstone === undefined ? {} : { removeFrom: formatUtc(tombstone.removeFrom) }),
    })),
    removing: removing.map(({ object }) => object),
    current,
    ...changeData(report),
    ...(unreachable === undefined ? {} : { unreachable }),
  };
}

export function appliedData({ id, database }: RetentionReport, applied: AppliedRetention): object {
  const { marked, waiting, logs, ...rest } = applied;
  return {
    plan: id,
    database,
    ...rest,
    marked: marked.map(tombstoneData),
    waiting: waiting.map(tombstoneData),
    ...(logs === undefined ? {} : { logs: prunedData(logs) }),
  };
}

export function tombstoneData({ object, run, decidedBy, why, markedAt, removeFrom }: Tombstone): object {
  return { object, run, decidedBy, why, markedAt: formatUtc(markedAt), removeFrom: formatUtc(removeFrom) };
}

function seconds(at: Instant): string {
  return formatUtc(at).replace(/\.\d+Z$/, "Z");
}
