import type { ColdLook, OpenWork } from "../domain/cold-look.ts";
import type { DowntimeLimit, PredictedDowntime } from "../domain/downtime.ts";
import { formatBytes, formatDuration } from "../domain/human.ts";
import type { ColdMode } from "../domain/plan.ts";
import type { Refusal } from "../domain/refusal.ts";

/** A slow rollback; real ones are several times faster. An estimate that is too short would cost the window (rule 29). */
const ROLLBACK_RECORDS_PER_SECOND = 10_000;
/** Taken where no cold backup of this database was measured yet: one spinning disk. */
const ASSUMED_BYTES_PER_SECOND = 100_000_000;

export function predictedDowntime(input: {
  readonly mode: ColdMode;
  readonly bytes: number;
  readonly look: Pick<ColdLook, "load" | "measuredRate" | "lastDowntimeMs">;
}): PredictedDowntime {
  const { mode, bytes, look } = input;
  const { transactions, undoRecords } = look.load;
  const rate = look.measuredRate ?? ASSUMED_BYTES_PER_SECOND;
  const lastMs = look.lastDowntimeMs[mode];
  return {
    mode,
    rollbackMs: rollbackMs(look.load),
    // What changes during a pre-copy decides its downtime, and nobody knows it before.
    ...(mode === "plain" ? { copyMs: (bytes / rate) * 1000 } : {}),
    measured: look.measuredRate !== undefined,
    ...(lastMs === undefined ? {} : { lastMs }),
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

/** One line for people: what the downtime is made of, how long the last one was, and how long it may be. */
export function downtimeText(
  downtime: PredictedDowntime,
  { maxDowntimeMs, onOverrun }: DowntimeLimit,
): string {
  const { mode, lastMs } = downtime;
  const last =
    lastMs === undefined
      ? `no cold backup in mode ${mode} was measured yet`
      : `the last cold backup in mode ${mode} took ${formatDuration(lastMs)}`;
  const then = onOverrun === "continue" ? "the copies go on then" : "the copies are stopped then";
  const limit =
    maxDowntimeMs === undefined
      ? "no limit is set"
      : `${formatDuration(maxDowntimeMs)} are allowed, and ${then}`;
  return `Downtime: SHUTDOWN, ${between(downtime)}, STARTUP; ${last}; ${limit}.`;
}

function between(downtime: PredictedDowntime): string {
  const size = formatBytes(downtime.bytes);
  switch (downtime.mode) {
    case "plain":
      return copyText(downtime);
    case "pre-copy":
      return `rewriting what changes meanwhile of ${size}`;
    case "snapshot":
      return `a picture of ${size} in the storage`;
  }
}
