import type { CoverageInput, Incarnation, MissingLog, RedoLog, RedoThread } from "../domain/coverage.ts";
import { minScn, type Scn } from "../domain/scn.ts";

/** How far the redo of every thread goes without a gap, as a target; and what is missing where one ends. */
export interface RedoReach {
  readonly to: Scn;
  readonly missing: MissingLog;
}

/** The redo that there is, to be asked from many places: made once for each computation. */
export class Redo {
  readonly threads: readonly RedoThread[];
  readonly #logs: ReadonlyMap<string, readonly RedoLog[]>;
  readonly #bySequence = new Map<string, RedoLog>();

  constructor({ threads, logs }: Pick<CoverageInput, "threads" | "logs">) {
    this.threads = threads;
    this.#logs = Map.groupBy(logs, threadKey);
    for (const log of logs) {
      const key = sequenceKey(log, log.sequence, log.firstScn);
      if (!this.#bySequence.has(key)) this.#bySequence.set(key, log);
    }
  }

  /** The log that holds the redo of a thread from `start` on. */
  first(thread: RedoThread, start: Scn): RedoLog | undefined {
    const logs = this.#logs.get(threadKey(thread)) ?? [];
    return logs.find((log) => log.firstScn <= start && log.nextScn > start);
  }

  /** The log that follows by sequence and by SCN (rule 95). */
  after(log: RedoLog): RedoLog | undefined {
    return this.#bySequence.get(sequenceKey(log, log.sequence + 1, log.nextScn));
  }
}

type OfThread = Pick<RedoThread, "incarnation" | "thread">;

function threadKey({ incarnation, thread }: OfThread): string {
  return `${incarnation}/${thread}`;
}

function sequenceKey(of: OfThread, sequence: number, firstScn: Scn): string {
  return `${threadKey(of)}/${sequence}/${firstScn}`;
}

/**
 * Recovery inside one incarnation from `from` on. Every thread that was enabled must give its redo (rule 96), each log
 * following the one before it by sequence and by SCN (rule 95).
 */
function redoReach(incarnation: string, from: Scn, redo: Redo): RedoReach {
  const ends = redo.threads
    .filter((thread) => thread.incarnation === incarnation && (thread.to === undefined || thread.to > from))
    .map((thread) => threadReach(thread, from, redo))
    .filter((reach) => reach !== undefined);
  const [first, ...others] = ends;
  if (first === undefined) return { to: from, missing: { incarnation, thread: 1, fromScn: from } };
  return others.reduce((least, one) => (one.to < least.to ? one : least), first);
}

/** Undefined: the thread was disabled, and its redo is whole until then. */
function threadReach(of: RedoThread, from: Scn, redo: Redo): RedoReach | undefined {
  const { incarnation, thread, from: begins, to: ends } = of;
  const start = begins !== undefined && begins > from ? begins : from;
  let last = redo.first(of, start);
  if (last === undefined) return { to: start, missing: { incarnation, thread, fromScn: start } };
  for (let next = redo.after(last); next !== undefined; next = redo.after(last)) last = next;
  if (ends !== undefined && last.nextScn >= ends) return undefined;
  return {
    to: last.nextScn,
    missing: { incarnation, thread, sequence: last.sequence + 1, fromScn: last.nextScn },
  };
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
