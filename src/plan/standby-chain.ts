import type { LedgerLog } from "../domain/archive.ts";
import type { LogKey, LogReport, LogVerdict } from "../domain/log-report.ts";
import type { Scn } from "../domain/scn.ts";
import type { StandbyLog } from "../domain/standby.ts";
import { keyText } from "./expected-logs.ts";

/** What the primary's own records say of a log; absent where they say nothing. */
interface Bounds {
  readonly firstScn: Scn | undefined;
  readonly nextScn: Scn | undefined;
  /** Of its copy at the primary. */
  readonly blocks: number | undefined;
}

export interface StandbyChain {
  /** Whether a standby's log is this log: the same redo from its first to its last SCN. */
  readonly fits: (row: StandbyLog, log: LogVerdict) => boolean;
}

/**
 * Which logs of a standby are those of its primary. What the standby says of a log is not enough: archived after a
 * failover it may be shorter than the primary's of the same name. So both SCNs must be those of the primary's own ledger,
 * or of the neighbours in the area, for a log begins where the one before it ended (rule 95). In a hole of several logs of
 * which nothing else tells, the standby's chain stands in, when it is without a gap and begins and ends where the hole
 * does.
 */
export function standbyChain(
  report: LogReport,
  primary: readonly LedgerLog[],
  standby: readonly StandbyLog[],
): StandbyChain {
  const logs = new Map(report.logs.map((log) => [keyText(log), log]));
  const known = Map.groupBy(
    primary.filter((row) => !row.standby && row.blocks > 0),
    keyOf,
  );
  const rows = Map.groupBy(standby, keyOf);
  const bounds = (log: LogVerdict): Bounds => ({
    firstScn: log.firstScn ?? logs.get(keyText(beside(log, -1)))?.nextScn,
    nextScn: log.nextScn ?? logs.get(keyText(beside(log, 1)))?.firstScn,
    blocks: known.get(keyText(log))?.[0]?.blocks,
  });
  /** Log by log away from the row, until one of which the primary's records tell where it begins or ends. */
  const reaches = (from: StandbyLog, log: LogVerdict, step: -1 | 1): boolean => {
    let row = from;
    let at = log;
    for (;;) {
      const { firstScn, nextScn } = bounds(at);
      const wanted = step < 0 ? firstScn : nextScn;
      if (wanted !== undefined) return wanted === (step < 0 ? row.firstScn : row.nextScn);
      const key = keyText(beside(at, step));
      const next = rows.get(key)?.find((one) => touches(row, one, step));
      const nextLog = logs.get(key);
      if (next === undefined || nextLog === undefined) return false;
      row = next;
      at = nextLog;
    }
  };
  const fits = (row: StandbyLog, log: LogVerdict): boolean => {
    if (keyOf(row) !== keyText(log)) return false;
    const { blocks = row.blocks } = bounds(log);
    return blocks === row.blocks && reaches(row, log, -1) && reaches(row, log, 1);
  };
  return { fits };
}

function touches(row: StandbyLog, other: StandbyLog, step: -1 | 1): boolean {
  return step < 0 ? other.nextScn === row.firstScn : other.firstScn === row.nextScn;
}

function beside({ incarnation, thread, sequence }: LogKey, step: -1 | 1): LogKey {
  return { incarnation, thread, sequence: sequence + step };
}

function keyOf({ resetlogsId, thread, sequence }: LedgerLog): string {
  return keyText({ incarnation: resetlogsId, thread, sequence });
}
