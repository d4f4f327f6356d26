import type { RedoHeader } from "../files/redo-file.ts";
import { type LogFile, readRecords } from "./redo-files.ts";
import type { RedoRecord } from "./redo-record.ts";

/** Where the redo of a thread comes from, log by log. */
export interface LogSource {
  /** The log with this sequence; undefined where it cannot be found. Throws for one that contradicts its header. */
  find(thread: number, sequence: number): LogFile | undefined;
  /** True where the log is the last one that the thread ever wrote: nothing is missing behind it. */
  isLast(log: LogFile): boolean;
}

export interface ThreadStart {
  readonly thread: number;
  readonly sequence: number;
}

/** Why a thread's redo ended. */
export type RedoEnd =
  | { readonly kind: "end" }
  | {
      readonly kind: "missing";
      readonly thread: number;
      readonly sequence: number;
      readonly scn: bigint;
      /** When the log before it ended; undefined where none was read. */
      readonly at: Date | undefined;
    }
  | { readonly kind: "damaged"; readonly log: LogFile; readonly block: number; readonly scn: bigint };

export type Step = { readonly record: RedoRecord; readonly log: RedoHeader } | { readonly end: RedoEnd };

/**
 * Records of all threads in order of SCN. Ends with the first thread whose redo is missing, at the SCN up to which all
 * redo is known, or with "end" when every thread has come to its last record.
 */
export function* mergeRedo(
  source: LogSource,
  starts: readonly ThreadStart[],
  fromScn: bigint,
): Iterable<Step> {
  const heads = starts.map((start) => {
    const steps = threadRedo(source, start, fromScn)[Symbol.iterator]();
    return { steps, next: take(steps) };
  });
  for (;;) {
    let lowest: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (scnOf(head.next) < scnOf(lowest?.next)) lowest = head;
    }
    if (lowest === undefined || lowest.next === undefined) {
      yield { end: { kind: "end" } };
      return;
    }
    yield lowest.next;
    if ("end" in lowest.next) return;
    lowest.next = take(lowest.steps);
  }
}

const BEYOND = 2n ** 63n;

/** "end" of one thread sorts behind everything: the others go on. */
function scnOf(step: Step | undefined): bigint {
  if (step === undefined) return BEYOND;
  if ("record" in step) return step.record.scn;
  return step.end.kind === "end" ? BEYOND : step.end.scn;
}

function take(steps: Iterator<Step>): Step | undefined {
  const result = steps.next();
  return result.done === true ? undefined : result.value;
}

function* threadRedo(source: LogSource, start: ThreadStart, fromScn: bigint): Iterable<Step> {
  let covered = fromScn;
  let at: Date | undefined;
  for (let { sequence } = start; ; sequence += 1) {
    const log = source.find(start.thread, sequence);
    if (log === undefined) {
      yield { end: { kind: "missing", thread: start.thread, sequence, scn: covered, at } };
      return;
    }
    for (const read of readRecords(log)) {
      if ("damagedBlock" in read) {
        yield { end: { kind: "damaged", log, block: read.damagedBlock, scn: covered } };
        return;
      }
      covered = read.record.scn;
      yield { record: read.record, log: log.header };
    }
    if (source.isLast(log)) {
      yield { end: { kind: "end" } };
      return;
    }
    covered = log.header.nextScn ?? covered;
    at = log.header.nextAt ?? at;
  }
}
