import type { AreaFile, LedgerLog } from "../domain/archive.ts";
import type { LogReport, LogVerdict } from "../domain/log-report.ts";
import type { DatabaseName, FilePath, StepId } from "../domain/names.ts";
import type { Scn } from "../domain/scn.ts";
import { below } from "./backup-layout.ts";
import type { StepDescription } from "./describe-step.ts";
import { keyText } from "./expected-logs.ts";

/** One log that comes into the area from where else it lies. */
export interface BackfillCopy {
  readonly log: LogVerdict;
  readonly source: FilePath;
  /** Where the source lies; absent: on the database's own host. */
  readonly from?: { readonly standby: DatabaseName; readonly host: string };
  /** Nothing has this name in the area. */
  readonly target: FilePath;
  readonly blockSize: number;
  readonly blocks: number;
  readonly firstScn: Scn;
  readonly nextScn: Scn;
  /** Goes when the copy was proved, not before. */
  readonly damaged?: FilePath;
}

export interface BackfillPlan {
  readonly copies: readonly BackfillCopy[];
  /** What cannot be brought, and why. */
  readonly left: readonly LogVerdict[];
  readonly bytes: number;
}

/** Copies for all logs that are delayed, or damaged here and whole elsewhere. What is in flight is left to the archiver. */
export function planBackfill(
  report: LogReport,
  directory: FilePath,
  files: readonly AreaFile[],
  ledger: readonly LedgerLog[],
): BackfillPlan {
  const taken = new Set<string>(files.map((file) => file.path));
  const copies: BackfillCopy[] = [];
  const left: LogVerdict[] = [];
  for (const log of report.logs) {
    if (log.class === "good" || log.class === "in-flight") continue;
    const row = sourceOf(log, ledger);
    if (row === undefined) {
      left.push(log);
      continue;
    }
    const target = freeName(directory, log, row.path, taken);
    taken.add(target);
    const { blockSize, blocks, firstScn, nextScn } = row;
    const damaged = log.class === "damaged" && log.path !== undefined ? { damaged: log.path } : {};
    copies.push({ log, source: row.path, target, blockSize, blocks, firstScn, nextScn, ...damaged });
  }
  const bytes = copies.reduce((sum, one) => sum + bytesOf(one), 0);
  return { copies, left, bytes };
}

export function bytesOf({ blocks, blockSize }: Pick<BackfillCopy, "blocks" | "blockSize">): number {
  return (blocks + 1) * blockSize;
}

/** A file of a local destination; what lies in ASM can only be read by the instance. */
function sourceOf(
  log: LogVerdict,
  ledger: readonly LedgerLog[],
): (LedgerLog & { readonly path: FilePath }) | undefined {
  const isSource = (row: LedgerLog): row is LedgerLog & { readonly path: FilePath } =>
    row.path !== undefined &&
    !row.path.startsWith("+") &&
    row.resetlogsId === log.incarnation &&
    row.thread === log.thread &&
    row.sequence === log.sequence &&
    log.elsewhere.includes(row.path);
  return ledger.find(isSource);
}

/** The archiver's own name where nobody has it; never a name that is taken, not even by a damaged file. */
export function freeName(
  directory: FilePath,
  { thread, sequence, incarnation }: LogVerdict,
  source: FilePath,
  taken: ReadonlySet<string>,
): FilePath {
  const last = source.slice(source.lastIndexOf("/") + 1);
  const plain = below(directory, last);
  // Hidden names are those of files that are not whole.
  if (last !== "" && !last.startsWith(".") && !taken.has(plain)) return plain;
  for (let number = 1; ; number += 1) {
    const name = below(directory, `umbra_${thread}_${sequence}_${incarnation}_${number}.arc`);
    if (!taken.has(name)) return name;
  }
}

export function describeBackfill({ copies }: BackfillPlan): readonly StepDescription[] {
  return copies.map((copy) => ({
    id: copyId(copy),
    title: copyTitle(copy),
    sql: [],
    source: copy.source,
    ...(copy.from === undefined ? {} : { sourceHost: copy.from.host }),
    target: copy.target,
    bytes: bytesOf(copy),
  }));
}

export function copyTitle({ log, damaged, from }: BackfillCopy): string {
  const origin = from === undefined ? "" : ` from the standby ${from.standby}`;
  const replaced = damaged === undefined ? "" : `, then remove the damaged ${damaged}`;
  return `copy ${keyText(log)}${origin}${replaced}`;
}

/** Another one for each origin: what fails from one is tried from the next. */
export function copyId({ log, from }: BackfillCopy): StepId {
  const { thread, sequence, incarnation } = log;
  const origin = from === undefined ? "" : `:${from.standby}`;
  return `logs:copy:${thread}_${sequence}_${incarnation}${origin}` as StepId;
}
