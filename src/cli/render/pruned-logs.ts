import { formatBytes } from "../../domain/human.ts";
import { formatUtc } from "../../domain/instant.ts";
import type { LogMark, PrunedLogs } from "../../domain/log-prune.ts";
import { formatScn } from "../../domain/scn.ts";

/** One line about the archived logs. */
export function prunedSum({ marked, removed, takenBack, waiting }: PrunedLogs): string {
  const said = [
    `${marked.length} marked`,
    `${removed.length} removed (${formatBytes(bytesOf(removed))})`,
    ...(takenBack.length === 0 ? [] : [`${takenBack.length} stay after all`]),
    `${waiting.length} waiting`,
  ];
  return `Archived logs: ${said.join(", ")}.`;
}

export function isQuiet({ marked, removed, takenBack, waiting }: PrunedLogs): boolean {
  return marked.length + removed.length + takenBack.length + waiting.length === 0;
}

/** SCNs are text, moments RFC 3339 in UTC. */
export function prunedData({ marked, removed, takenBack, waiting, problems }: PrunedLogs): object {
  return {
    marked: marked.map(markData),
    takenBack: takenBack.map(markData),
    removed: removed.map(markData),
    waiting: waiting.map(markData),
    problems,
  };
}

export function markData({
  incarnation,
  thread,
  sequence,
  firstScn,
  nextScn,
  path,
  bytes,
  run,
  removeFrom,
}: LogMark): object {
  const scns = { firstScn: formatScn(firstScn), nextScn: formatScn(nextScn) };
  return { incarnation, thread, sequence, ...scns, path, bytes, run, removeFrom: formatUtc(removeFrom) };
}

function bytesOf(marks: readonly LogMark[]): number {
  return marks.reduce((sum, { bytes }) => sum + bytes, 0);
}
