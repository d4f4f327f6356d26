import type { RedoLog, RedoThread } from "../domain/coverage.ts";
import { minScn } from "../domain/scn.ts";

/** What tells that a thread was written: one of its logs, wherever it is, archived or not. */
export type ThreadSign = Pick<RedoLog, "incarnation" | "thread" | "sequence" | "firstScn">;

/**
 * Threads that no backup knows, because they were enabled after the last one (rule 96). Such a thread begins with its first
 * log; where that is not among those that are known of, it is taken to be there from the beginning: redo that was not
 * needed is asked for rather than the other way round.
 */
export function threadsOfLogs(
  known: readonly RedoThread[],
  signs: readonly ThreadSign[],
): readonly RedoThread[] {
  const isKnown = (sign: ThreadSign) =>
    known.some((one) => one.incarnation === sign.incarnation && one.thread === sign.thread);
  const byThread = Map.groupBy(
    signs.filter((sign) => !isKnown(sign)),
    (sign) => `${sign.incarnation}/${sign.thread}`,
  );
  return [...byThread.values()].flatMap((all): readonly RedoThread[] => {
    const [any] = all;
    if (any === undefined) return [];
    const from = minScn(all.filter((sign) => sign.sequence === 1).map((sign) => sign.firstScn));
    const { thread, incarnation } = any;
    return [{ thread, incarnation, ...(from === undefined ? {} : { from }) }];
  });
}
