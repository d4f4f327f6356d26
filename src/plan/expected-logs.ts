import type { AreaFile, AreaLog, ArchiveLook, LedgerLog } from "../domain/archive.ts";
import type { LogKey } from "../domain/log-report.ts";
import type { PrunedTo } from "../domain/log-prune.ts";
import { minScn, type Scn } from "../domain/scn.ts";

/** A log that the area should hold, with all that is known of it. */
export interface ExpectedLog extends LogKey {
  /** Of an online log that waits for the archiver. */
  readonly firstScn?: Scn;
  /** Files in the area with this log's own header, whole or not. */
  readonly files: readonly AreaLog[];
  /** What v$archived_log says of it, at any destination that is not a standby's. */
  readonly rows: readonly LedgerLog[];
  /** Switched, and not archived yet. */
  readonly waiting: boolean;
  /** A later log of its thread is here already. */
  readonly overtaken: boolean;
}

export interface Expecting {
  readonly files: readonly AreaFile[];
  readonly dbid: string;
  readonly look?: ArchiveLook;
  readonly since?: { readonly incarnation: string; readonly scn: Scn };
  /** What ended there was removed, because nothing needed it. */
  readonly pruned?: PrunedTo;
}

/** By incarnation, thread and sequence: every one from the first that is wanted, those that nothing tells of too. */
export function expectedLogs(input: Expecting): readonly ExpectedLog[] {
  const own = input.files.filter((file) => file.kind === "log").filter((file) => file.dbid === input.dbid);
  const rows = (input.look?.ledger ?? []).filter((row) => !row.standby);
  const incarnations = new Set([
    ...own.map((file) => file.incarnation),
    ...rows.map((row) => row.resetlogsId),
    ...(input.look === undefined ? [] : [input.look.resetlogsId]),
  ]);
  return [...incarnations].toSorted(byNumber).flatMap((incarnation) => {
    const files = own.filter((file) => file.incarnation === incarnation);
    const from = wantedFrom(incarnation, files, input);
    const wanted = rows.filter(
      (row) => row.resetlogsId === incarnation && from !== undefined && row.nextScn > from,
    );
    const waiting = waitingOf(incarnation, from, input);
    const threads = new Set([...files, ...wanted, ...waiting].map((one) => one.thread));
    return [...threads]
      .toSorted((a, b) => a - b)
      .flatMap((thread) => {
        const of = <T extends { readonly thread: number }>(all: readonly T[]) =>
          all.filter((one) => one.thread === thread);
        const all = chain({ incarnation, thread, files: of(files), rows: of(wanted), waiting: of(waiting) });
        return withoutPruned(all, input.pruned);
      });
  });
}

/** Undefined: nothing of this incarnation is wanted but what lies here and what is between it. */
function wantedFrom(incarnation: string, files: readonly AreaLog[], input: Expecting): Scn | undefined {
  const { pruned } = input;
  if (pruned !== undefined && byNumber(incarnation, pruned.incarnation) < 0) return undefined;
  const from = everWantedFrom(incarnation, files, input);
  return from !== undefined && pruned?.incarnation === incarnation && from < pruned.scn ? pruned.scn : from;
}

function everWantedFrom(
  incarnation: string,
  files: readonly AreaLog[],
  { look, since }: Expecting,
): Scn | undefined {
  const oldest = minScn(files.map((file) => file.firstScn));
  if (since?.incarnation === incarnation)
    return oldest === undefined || since.scn < oldest ? since.scn : oldest;
  // What began after umbra's destination was set up is wanted from its first log on.
  const later = since !== undefined && look?.resetlogsId === incarnation;
  return later ? (0n as Scn) : oldest;
}

type Waiting = Pick<LogKey, "thread" | "sequence"> & { readonly firstScn: Scn };

function waitingOf(incarnation: string, from: Scn | undefined, { look }: Expecting): readonly Waiting[] {
  if (look === undefined || look.resetlogsId !== incarnation || from === undefined) return [];
  return look.online.filter(
    (log) => !log.current && !log.archived && log.sequence > 0 && log.firstScn >= from,
  );
}

interface Chain {
  readonly incarnation: string;
  readonly thread: number;
  readonly files: readonly AreaLog[];
  readonly rows: readonly LedgerLog[];
  readonly waiting: readonly Waiting[];
}

function chain({ incarnation, thread, files, rows, waiting }: Chain): readonly ExpectedLog[] {
  const sequences = [...files, ...rows, ...waiting].map((one) => one.sequence);
  const first = sequences.reduce((least, one) => Math.min(least, one), Infinity);
  const last = sequences.reduce((most, one) => Math.max(most, one), -1);
  const lastHere = files
    .filter((file) => file.problems.length === 0)
    .reduce((most, one) => Math.max(most, one.sequence), -1);
  const filesOf = Map.groupBy(files, (one) => one.sequence);
  const rowsOf = Map.groupBy(rows, (one) => one.sequence);
  return Array.from({ length: last - first + 1 }, (_, index): ExpectedLog => {
    const sequence = first + index;
    const held = waiting.find((one) => one.sequence === sequence);
    return {
      incarnation,
      thread,
      sequence,
      ...(held === undefined ? {} : { firstScn: held.firstScn }),
      files: filesOf.get(sequence) ?? [],
      rows: rowsOf.get(sequence) ?? [],
      waiting: held !== undefined,
      overtaken: lastHere > sequence,
    };
  });
}

/** Between logs that stayed for a need of their own there may be some that went. */
function withoutPruned(logs: readonly ExpectedLog[], pruned: PrunedTo | undefined): readonly ExpectedLog[] {
  if (pruned === undefined) return logs;
  let next: ExpectedLog | undefined;
  const kept: ExpectedLog[] = [];
  for (const log of logs.toReversed()) {
    const isKnown = log.waiting || log.files.length > 0 || log.rows.length > 0;
    if (isKnown) next = log;
    if (isKnown || next === undefined || !isBelow(next, pruned)) kept.push(log);
  }
  return kept.toReversed();
}

function isBelow({ incarnation, files, rows, firstScn }: ExpectedLog, pruned: PrunedTo): boolean {
  const begins = files[0]?.firstScn ?? rows[0]?.firstScn ?? firstScn;
  if (byNumber(incarnation, pruned.incarnation) < 0) return true;
  return incarnation === pruned.incarnation && begins !== undefined && begins <= pruned.scn;
}

export function keyText({ thread, sequence, incarnation }: LogKey): string {
  return `thread ${thread} sequence ${sequence} of incarnation ${incarnation}`;
}

/** Resetlogs ids are numbers that grow. */
function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}
