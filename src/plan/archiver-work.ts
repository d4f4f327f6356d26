import type { ArchiveLook, LedgerLog, WaitingLog } from "../domain/archive.ts";

/** So long the archiver may take for one log at a destination that others have it at already. */
const HELD_SECONDS = 60;

/**
 * Logs that the archiver has not done with although other destinations have them: it waits for this one. Counted when it
 * takes long, or at once where few online logs are left.
 */
export function heldBack(look: ArchiveLook, destination: number): readonly WaitingLog[] {
  const stuck = new Set(nearlyStuck(look).map((one) => one.thread));
  return waitingLogs(look).filter((log) => {
    const rows = look.ledger.filter((row) => isOf(row, log, look) && row.archived);
    if (rows.length === 0 || rows.some((row) => row.destination === destination)) return false;
    return stuck.has(log.thread) || Math.max(...rows.map((row) => row.ageSeconds)) >= HELD_SECONDS;
  });
}

/** Threads of which all online logs but the current one wait for the archiver (rule 99). */
export function nearlyStuck(
  look: ArchiveLook,
): readonly { readonly thread: number; readonly waiting: number; readonly groups: number }[] {
  const waiting = waitingLogs(look);
  return [...new Set(look.online.map((log) => log.thread))].flatMap((thread) => {
    const groups = look.online.filter((log) => log.thread === thread).length;
    const count = waiting.filter((log) => log.thread === thread).length;
    return groups > 1 && count >= groups - 1 ? [{ thread, waiting: count, groups }] : [];
  });
}

/** Logs that others have for longer than the lag, newer than the last that came here, and not brought by umbra since. */
export function isBehind(
  look: ArchiveLook,
  destination: number,
  names: readonly string[],
  lagMs: number,
): readonly LedgerLog[] {
  const rows = look.ledger.filter(
    (row) => row.resetlogsId === look.resetlogsId && row.archived && !row.standby,
  );
  const last = new Map<number, number>();
  for (const row of rows) {
    if (row.destination === destination)
      last.set(row.thread, Math.max(last.get(row.thread) ?? 0, row.sequence));
  }
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = `${row.thread}/${row.sequence}`;
    // Before the first that came, the destination was not there.
    const from = last.get(row.thread);
    const late = from !== undefined && row.sequence > from && row.ageSeconds * 1000 >= lagMs;
    if (!late || seen.has(key) || isNamed(row, names)) return false;
    seen.add(key);
    return true;
  });
}

/** A copy that umbra brought has the source's name, or begins with the log's own. */
function isNamed({ path, thread, sequence, resetlogsId }: LedgerLog, names: readonly string[]): boolean {
  const base = path?.slice(path.lastIndexOf("/") + 1);
  return names.some(
    (name) => name === base || name.startsWith(`umbra_${thread}_${sequence}_${resetlogsId}_`),
  );
}

function waitingLogs({ online }: ArchiveLook): readonly WaitingLog[] {
  return online.filter((log) => !log.current && !log.archived && log.sequence > 0);
}

function isOf(row: LedgerLog, log: WaitingLog, { resetlogsId }: ArchiveLook): boolean {
  return row.resetlogsId === resetlogsId && row.thread === log.thread && row.sequence === log.sequence;
}
