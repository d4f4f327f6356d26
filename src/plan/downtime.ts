import type { ColdLook, OpenWork } from "../domain/cold-look.ts";
import { formatBytes, formatDuration } from "../domain/human.ts";
import type { ColdMode, OnOverrun } from "../domain/plan.ts";
import type { Refusal } from "../domain/refusal.ts";

/** A slow rollback; real ones are several times faster. An estimate that is too short would cost the window (rule 29). */
const ROLLBACK_RECORDS_PER_SECOND = 10_000;
/** Taken where no cold backup of this database was measured yet: one spinning disk. */
const ASSUMED_BYTES_PER_SECOND = 100_000_000;

export interface PredictedDowntime {
  readonly rollbackMs: number;
  /** Of copies that are made while the database is down; absent where their length cannot be foreseen. */
  readonly copyMs?: number;
  /** The rate was measured by an earlier cold backup. */
  readonly measured: boolean;
  readonly transactions: number;
  readonly undoRecords: number;
  readonly bytes: number;
}

export interface DowntimeLimit {
  readonly maxDowntimeMs: number | undefined;
  readonly onOverrun: OnOverrun;
}

export function predictedDowntime(input: {
  readonly mode: ColdMode;
  readonly bytes: number;
  readonly look: ColdLook;
}): PredictedDowntime {
  const { mode, bytes, look } = input;
  const { transactions, undoRecords } = look.load;
  const rate = look.measuredRate ?? ASSUMED_BYTES_PER_SECOND;
  return {
    rollbackMs: rollbackMs(look.load),
    // What changes during a pre-copy decides its downtime, and nobody knows it before.
    ...(mode === "plain" ? { copyMs: (bytes / rate) * 1000 } : {}),
    measured: look.measuredRate !== undefined,
    transactions,
    undoRecords,
    bytes,
  };
}

export function rollbackMs({ undoRecords }: OpenWork): number {
  return (undoRecords / ROLLBACK_RECORDS_PER_SECOND) * 1000;
}

/** What would certainly not fit: rollback (rule 29), and copies at a measured rate that would be stopped. */
export function refuseDowntime(downtime: PredictedDowntime, limit: DowntimeLimit): readonly Refusal[] {
  const { maxDowntimeMs, onOverrun } = limit;
  if (maxDowntimeMs === undefined) return [];
  const max = formatDuration(maxDowntimeMs);
  const refusals: Refusal[] = [];
  if (downtime.rollbackMs > maxDowntimeMs) {
    refusals.push({
      code: "UMB-3121",
      rule: 29,
      seen: `${rollbackText(downtime)}; the database may be down for ${max}`,
      todo: "wait until the long transactions have ended, or allow a longer --max-downtime",
    });
  }
  const total = downtime.rollbackMs + (downtime.copyMs ?? 0);
  const isStopped = downtime.measured && onOverrun === "stop-copy";
  if (refusals.length === 0 && isStopped && total > maxDowntimeMs) {
    refusals.push({
      code: "UMB-3122",
      rule: 29,
      seen: `${copyText(downtime)}; the database may be down for ${max}, and the copies would be stopped`,
      todo: "use --mode pre-copy or --mode snapshot, or allow a longer --max-downtime",
    });
  }
  return refusals;
}

export function exceeds(downtime: PredictedDowntime, { maxDowntimeMs }: DowntimeLimit): boolean {
  if (maxDowntimeMs === undefined) return false;
  return downtime.rollbackMs + (downtime.copyMs ?? 0) > maxDowntimeMs;
}

export function rollbackText(work: OpenWork): string {
  const { transactions, undoRecords } = work;
  return `${transactions} open transactions with ${undoRecords} undo records would be rolled back, which may take ${formatDuration(rollbackMs(work))}`;
}

export function copyText({ bytes, copyMs = 0, measured }: PredictedDowntime): string {
  const basis = measured ? "at the rate of the last cold backup" : "at 100 MB/s, which was not measured";
  return `copying ${formatBytes(bytes)} takes ${formatDuration(copyMs)} ${basis}`;
}
