import type { CoverageInput, Incarnation, MissingLog, RedoLog, RedoThread } from "../domain/coverage.ts";
import { minScn, type Scn } from "../domain/scn.ts";

/** How far the redo of every thread goes without a gap, as a target; and what is missing where one ends. */
export interface RedoReach {
  readonly to: Scn;
  readonly missing: MissingLog;
}

type Redo = Pick<CoverageInput, "threads" | "logs">;

/**
 * Recovery inside one incarnation from `from` on. Every thread that was enabled must give its redo (rule 96), each log
 * following the one before it by sequence and by SCN (rule 95).
 */
function redoReach(incarnation: string, from: Scn, redo: Redo): RedoReach {
  const ends = redo.threads
    .filter((thread) => thread.incarnation === incarnation && (thread.to === undefined || thread.to > from))
    .map((thread) => threadReach(thread, from, redo.logs))
    .filter((reach) => reach !== undefined);
  const [first, ...others] = ends;
  if (first === undefined) return { to: from, missing: { incarnation, thread: 1, fromScn: from } };
  return others.reduce((least, one) => (one.to < least.to ? one : least), first);
}

/** Undefined: the thread was disabled, and its redo is whole until then. */
function threadReach(
  { incarnation, thread, from: begins, to: ends }: RedoThread,
  from: Scn,
  all: readonly RedoLog[],
): RedoReach | undefined {
  const start = begins !== undefined && begins > from ? begins : from;
  const logs = all.filter((log) => log.incarnation === incarnation && log.thread === thread);
  let last = firstOf(logs, start);
  if (last === undefined) return { to: start, missing: { incarnation, thread, fromScn: start } };
  for (let next = after(last, logs); next !== undefined; next = after(last, logs)) last = next;
  if (ends !== undefined && last.nextScn >= ends) return undefined;
  return {
    to: last.nextScn,
    missing: { incarnation, thread, sequence: last.sequence + 1, fromScn: last.nextScn },
  };
}

/** The log that holds the redo from `start` on. */
function firstOf(logs: readonly RedoLog[], start: Scn): RedoLog | undefined {
  return logs.find((log) => log.firstScn <= start && log.nextScn > start);
}

function after(log: RedoLog, logs: readonly RedoLog[]): RedoLog | undefined {
  return logs.find((one) => one.sequence === log.sequence + 1 && one.firstScn === log.nextScn);
}

/** From the first ancestor to the incarnation itself. An incarnation whose parent is not known begins its own line. */
export function lineage(id: string, incarnations: readonly Incarnation[]): readonly Incarnation[] {
  const line: Incarnation[] = [];
  let next = incarnations.find((one) => one.id === id);
  while (next !== undefined && !line.includes(next)) {
    line.unshift(next);
    const { parent } = next;
    next = parent === undefined ? undefined : incarnations.find((one) => one.id === parent);
  }
  return line;
}

/** Recovery through the RESETLOGS between two incarnations. `arrived`: it got into the last one. */
export interface Recovery extends RedoReach {
  readonly arrived: boolean;
}

/**
 * Recovery that begins at `from` in the incarnation `start` and ends in the last one of the line: to each RESETLOGS
 * between them the redo of the older one must lead. `usableFrom`: what the copies hold already.
 */
export function recoverAlong(
  line: readonly Incarnation[],
  { start, from, usableFrom }: { readonly start: string; readonly from: Scn; readonly usableFrom: Scn },
  redo: Redo,
): Recovery | undefined {
  const path = line.slice(line.findIndex((one) => one.id === start));
  let at = from;
  for (const [index, { id }] of path.entries()) {
    const branch = path[index + 1]?.resetlogsScn;
    // The copies hold changes that the younger incarnation threw away.
    if (branch !== undefined && usableFrom > branch) return undefined;
    const reach = redoReach(id, at, redo);
    if (branch === undefined) return { ...reach, arrived: true };
    if (reach.to < branch) return { ...reach, arrived: false };
    at = branch;
  }
  return undefined;
}

/** Redo of all files of a source is needed from here (rule 47). */
export function neededFrom(files: readonly { readonly checkpointScn: Scn }[]): Scn | undefined {
  return minScn(files.map((file) => file.checkpointScn));
}
