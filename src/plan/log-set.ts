import type { ArchivedLogFacts } from "../domain/facts.ts";
import { formatScn, type Scn } from "../domain/scn.ts";

export interface LogSet {
  /** One file for each log, by thread and sequence. */
  readonly logs: readonly ArchivedLogFacts[];
  /** What is not there yet, for people; empty when the chain of every thread is whole. */
  readonly missing: readonly string[];
}

export interface LogRange {
  readonly threads: readonly number[];
  /** Of the incarnation: two can have begun at the same SCN. */
  readonly resetlogsId: string;
  readonly fromScn: Scn;
  /** Every thread's logs must hold all changes below this SCN. */
  readonly toScn: Scn;
}

/**
 * The archived logs that recovery from `fromScn` to `toScn` needs: of every enabled thread (rules 45, 96), without a gap
 * in SCN or sequence (rule 95), and only files that are archived, available and not deleted (rule 94).
 */
export function chooseLogs(archived: readonly ArchivedLogFacts[], range: LogRange): LogSet {
  const usable = archived.filter(
    (log) =>
      log.archived &&
      !log.deleted &&
      log.status === "A" &&
      log.resetlogsId === range.resetlogsId &&
      log.nextScn > range.fromScn &&
      !log.path.startsWith("+"),
  );
  const chains = range.threads.map((thread) => chainOf(thread, usable, range));
  return {
    logs: chains.flatMap((chain) => chain.logs),
    missing: chains.flatMap((chain) => chain.missing),
  };
}

function chainOf(thread: number, usable: readonly ArchivedLogFacts[], { fromScn, toScn }: LogRange): LogSet {
  const logs: ArchivedLogFacts[] = [];
  const ordered = usable
    .filter((log) => log.thread === thread)
    .toSorted((a, b) => a.sequence - b.sequence || a.destination - b.destination);
  for (const log of ordered) {
    const last = logs.at(-1);
    if (last === undefined) {
      // A thread that was enabled later begins with its first log.
      if (log.firstScn > fromScn && log.sequence !== 1) break;
      logs.push(log);
    } else if (log.sequence === last.sequence + 1 && log.firstScn === last.nextScn) logs.push(log);
    else if (log.sequence !== last.sequence) break;
  }
  const reached = logs.at(-1)?.nextScn;
  if (reached !== undefined && reached >= toScn) return { logs, missing: [] };
  const next = logs.at(-1);
  const what = next === undefined ? "the log" : `sequence ${next.sequence + 1}`;
  return { logs, missing: [`thread ${thread} ${what} from SCN ${formatScn(reached ?? fromScn)}`] };
}
