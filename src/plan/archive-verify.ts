import type { AreaFile, AreaLog, ArchiveLook, LedgerLog } from "../domain/archive.ts";
import { formatDuration } from "../domain/human.ts";
import type { Instant } from "../domain/instant.ts";
import type { PrunedTo } from "../domain/log-prune.ts";
import type { LogReport, LogVerdict } from "../domain/log-report.ts";
import type { FilePath } from "../domain/names.ts";
import { formatScn, type Scn } from "../domain/scn.ts";
import { destinationId, ownSlot } from "./archive-parameters.ts";
import { type ExpectedLog, expectedLogs, keyText } from "./expected-logs.ts";

export interface LogJudgement {
  /** What lies in the log directory; absent: there is none. */
  readonly files: readonly AreaFile[];
  readonly directory: FilePath;
  readonly dbid: string;
  /** Absent: the database could not be asked, the files alone tell. */
  readonly look?: ArchiveLook;
  /** Files outside the area that were seen to be there, or lie where nobody can look (ASM). */
  readonly there: ReadonlySet<FilePath>;
  /** From here on the area should hold every log; absent: from the oldest file in it. */
  readonly since?: { readonly incarnation: string; readonly scn: Scn };
  /** Logs that end there were removed, because nothing needed them. */
  readonly pruned?: PrunedTo;
  /** The clock of whoever wrote the times of the files, as well as it is known. */
  readonly now: Instant;
  readonly lagMs: number;
}

/**
 * What is the case with each log that the area should hold: by incarnation, thread and sequence (rule 95), of all threads
 * (rule 96), from the views and from the headers and lengths of the files themselves (rule 94).
 */
export function judgeLogs(input: LogJudgement): LogReport {
  const judged = expectedLogs(input).map((log) => verdictOf(log, input));
  const strange = input.files
    .filter((file) => file.kind === "strange" || file.dbid !== input.dbid)
    .filter((file) => judged.every((one) => one.path !== file.path))
    .map((file) => ({
      path: file.path,
      problem: file.kind === "strange" ? file.problem : `it is a log of DBID ${file.dbid}`,
    }));
  return { logs: judged, strange };
}

function verdictOf(log: ExpectedLog, input: LogJudgement): LogVerdict {
  const files = log.files.map((file) => ({ file, problems: problemsOf(file, log) }));
  const good = files.find((one) => one.problems.length === 0);
  const elsewhere = placesOf(log, input);
  const base = { ...bounds(log, good?.file), elsewhere };
  if (good !== undefined)
    return { ...base, class: "good", path: good.file.path, why: "whole, by its header" };
  const [bad] = files;
  const held =
    bad === undefined
      ? wrongContent(log, input)
      : { path: bad.file.path, why: bad.problems.join("; "), at: bad.file.modifiedAt };
  if (held !== undefined) {
    const { path, why, at } = held;
    const being = input.now - at < input.lagMs && ownRow(log, input)?.archived !== true;
    return being
      ? { ...base, class: "in-flight", path, why: "it is being written" }
      : { ...base, class: "damaged", path, why };
  }
  return { ...base, ...absent(log, elsewhere, input) };
}

function bounds(
  log: ExpectedLog,
  file: AreaLog | undefined,
): Omit<LogVerdict, "class" | "elsewhere" | "why"> {
  const { incarnation, thread, sequence } = log;
  const row = log.rows[0];
  const firstScn = file?.firstScn ?? row?.firstScn ?? log.firstScn;
  const nextScn = file?.nextScn ?? row?.nextScn;
  return {
    incarnation,
    thread,
    sequence,
    ...(firstScn === undefined ? {} : { firstScn }),
    ...(nextScn === undefined ? {} : { nextScn }),
  };
}

/** In what the file differs from its own header and from what the database says of the log. */
function problemsOf(file: AreaLog, { rows }: ExpectedLog): readonly string[] {
  const [row] = rows;
  if (row === undefined) return file.problems;
  const problems = [...file.problems];
  const length = (row.blocks + 1) * row.blockSize;
  if (file.firstScn !== row.firstScn)
    problems.push(`its first SCN is ${formatScn(file.firstScn)}, not ${formatScn(row.firstScn)}`);
  if (file.nextScn !== undefined && file.nextScn !== row.nextScn)
    problems.push(`its next SCN is ${formatScn(file.nextScn)}, not ${formatScn(row.nextScn)}`);
  if (row.blocks > 0 && file.bytes !== length && file.problems.length === 0)
    problems.push(`it holds ${file.bytes} bytes, and ${length} were archived`);
  return problems;
}

/** What lies under the name that the archiver gave this log, where it is not this log. */
function wrongContent(
  log: ExpectedLog,
  input: LogJudgement,
): { readonly path: FilePath; readonly why: string; readonly at: Instant } | undefined {
  const path = ownRow(log, input)?.path;
  const file = path === undefined ? undefined : input.files.find((one) => one.path === path);
  if (file === undefined) return undefined;
  const { path: at, modifiedAt } = file;
  const why = file.kind === "strange" ? file.problem : `under its name lies ${keyText(file)}`;
  return { path: at, why, at: modifiedAt };
}

function ownRow(log: ExpectedLog, { look, directory }: LogJudgement): LedgerLog | undefined {
  const slot = look === undefined ? undefined : ownSlot(look, directory);
  if (slot === undefined) return undefined;
  return log.rows.find(
    (row) => row.destination === destinationId(slot) && row.path?.startsWith(`${directory}/`) === true,
  );
}

function placesOf(log: ExpectedLog, { directory, there }: LogJudgement): readonly FilePath[] {
  const paths = log.rows.flatMap((row) => row.path ?? []);
  return [...new Set(paths)].filter((path) => !path.startsWith(`${directory}/`) && there.has(path));
}

/** Why it is not here. */
function absent(
  log: ExpectedLog,
  elsewhere: readonly FilePath[],
  input: LogJudgement,
): Pick<LogVerdict, "class" | "why"> {
  const { look, directory, lagMs } = input;
  if (look === undefined) {
    return { class: "lost", why: "it is not here, and the database could not be asked where else it is" };
  }
  const slot = ownSlot(look, directory);
  const own = look.destinations.find((one) => slot !== undefined && one.id === destinationId(slot));
  const state =
    own === undefined
      ? "no destination points here"
      : `the destination is ${own.status}${own.error === undefined ? "" : `: ${own.error}`}`;
  const works = own?.status === "VALID";
  if (log.waiting) {
    return works
      ? { class: "in-flight", why: "it was switched and is not archived yet" }
      : { class: "delayed", why: `only the online log holds it; ${state}` };
  }
  if (elsewhere.length === 0)
    return { class: "lost", why: "it is neither here nor where else the database archived it" };
  const ageMs = Math.min(...log.rows.map((row) => row.ageSeconds)) * 1000;
  if (works && ageMs < lagMs && !log.overtaken && ownRow(log, input) === undefined) {
    return { class: "in-flight", why: `archived elsewhere ${formatDuration(ageMs)} ago` };
  }
  const gone =
    ownRow(log, input)?.archived === true ? "it was here and has gone" : `it did not come; ${state}`;
  return { class: "delayed", why: gone };
}

/** For the exit status: anything that does not come right by waiting. */
export function isSound(report: LogReport): boolean {
  return report.logs.every((one) => one.class !== "lost" && one.class !== "damaged");
}
