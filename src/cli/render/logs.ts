import { counted, printable } from "../../domain/human.ts";
import type { LogClass, LogVerdict } from "../../domain/log-report.ts";
import { formatScn } from "../../domain/scn.ts";
import type { LogsVerified } from "../../run/logs-verify.ts";
import { table } from "../table.ts";

const CLASSES: readonly LogClass[] = ["good", "in-flight", "delayed", "lost", "damaged"];

/** Runs of good logs in one line each, every other log in a line of its own, then the sum. */
export function logsText({ report, unreachable }: LogsVerified): string {
  const rows = linesOf(report.logs);
  const strange = report.strange.map(
    ({ path, problem }) => `not a log of this database: ${printable(path)} (${printable(problem)})`,
  );
  const asked =
    unreachable === undefined
      ? []
      : [`The database was not asked, only the files tell: ${printable(unreachable)}`];
  const shown = rows.length === 0 ? [] : [table(COLUMNS, rows)];
  return [...shown, ...strange, ...asked, sumText(report.logs)].join("\n");
}

interface Line {
  readonly first: LogVerdict;
  readonly last: LogVerdict;
}

const COLUMNS = [
  { title: "incarnation", value: ({ first }: Line) => first.incarnation },
  { title: "thread", value: ({ first }: Line) => String(first.thread), right: true },
  { title: "sequence", value: ({ first, last }: Line) => span(first.sequence, last.sequence), right: true },
  { title: "from SCN", value: ({ first }: Line) => scnText(first.firstScn), right: true },
  { title: "to SCN", value: ({ last }: Line) => scnText(last.nextScn), right: true },
  { title: "class", value: ({ first }: Line) => first.class },
  {
    title: "",
    value: ({ first }: Line) =>
      first.class === "good" ? "" : [first.why, ...first.elsewhere.map((path) => `at ${path}`)].join("; "),
  },
];

function linesOf(logs: readonly LogVerdict[]): readonly Line[] {
  const lines: Line[] = [];
  for (const log of logs) {
    const before = lines.at(-1);
    if (before !== undefined && continues(before.last, log))
      lines[lines.length - 1] = { ...before, last: log };
    else lines.push({ first: log, last: log });
  }
  return lines;
}

function continues(before: LogVerdict, log: LogVerdict): boolean {
  return (
    before.class === "good" &&
    log.class === "good" &&
    before.incarnation === log.incarnation &&
    before.thread === log.thread &&
    before.nextScn === log.firstScn
  );
}

function span(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function scnText(scn: LogVerdict["firstScn"]): string {
  return scn === undefined ? "?" : formatScn(scn);
}

function sumText(logs: readonly LogVerdict[]): string {
  const counts = CLASSES.map((one) => [one, logs.filter((log) => log.class === one).length] as const);
  const told = counts.filter(([, count]) => count > 0).map(([one, count]) => `${count} ${one}`);
  return `${counted(logs.length, "log")}${told.length === 0 ? "" : `: ${told.join(", ")}`}`;
}

export function logData(log: LogVerdict): object {
  const { firstScn, nextScn, ...rest } = log;
  return {
    ...rest,
    ...(firstScn === undefined ? {} : { firstScn: formatScn(firstScn) }),
    ...(nextScn === undefined ? {} : { nextScn: formatScn(nextScn) }),
  };
}
