import { setImmediate as turn } from "node:timers/promises";
import { OraError } from "../engine/ora-error.ts";
import type { RecoverSpec } from "./api.ts";
import { findFile, findTablespace } from "./backup-mode.ts";
import { inconsistency, standsStill } from "./consistency.ts";
import { headerOf } from "./checkpoint.ts";
import type { DatafileRecord } from "./control-file.ts";
import { filesUnderRecovery, onlineSequence } from "./crash-recovery.ts";
import type { SimulatedDatabase } from "./database.ts";
import { identify } from "./open-checks.ts";
import { type RecoveryContext, RecoveryLogs } from "./recovery-logs.ts";
import { finishRecovery, missingLog } from "./recovery-end.ts";
import { applyRecord, type FileUnderRecovery } from "./redo-apply.ts";
import { mergeRedo, type RedoEnd, type ThreadStart } from "./redo-merge.ts";
import type { RedoRecord } from "./redo-record.ts";
import { applyMarker } from "./redo-structure.ts";
import { fileError, verificationError } from "./refusals.ts";
import { requireSnapshotTime } from "./snapshot-recovery.ts";

/** How far redo was applied: everything before `scn`. */
export interface Reached {
  readonly scn: bigint;
  /** The time of the redo there; undefined where none was read. */
  readonly at: Date | undefined;
  readonly end: RedoEnd | { readonly kind: "target" | "stopped" };
}

/** Records between two turns of others. */
const TURN_AFTER = 2_000;

/** ALTER DATABASE RECOVER …: rolls restored files forward. Progress stays, also where it ends with an error. */
export async function recoverMedia(context: RecoveryContext, spec: RecoverSpec): Promise<void> {
  const { database } = context;
  if (database.control.logMode === "NOARCHIVELOG" && spec.scope.level !== "database") {
    throw new OraError(283, "recovery session canceled due to errors", {
      below: ["ORA-01126: database must be mounted in this instance and not open in any instance"],
    });
  }
  const records = filesInScope(database, spec);
  requireRecoverable(database, spec, records);
  database.flushRedo();
  const files = filesUnderRecovery(records);
  requireSnapshotTime(context, spec, [...files.values()]);
  for (const file of records) database.cache.forget(file.file);
  const whole = spec.scope.level === "database";
  const useOnline = !spec.usingBackupControlfile;
  const logs = new RecoveryLogs(context, spec.from, useOnline);
  const from = startScn(database, [...files.values()], {
    whole,
    incomplete: spec.until !== undefined || !useOnline,
  });
  refuseFilesPastTarget(spec, records);
  if (from === undefined) {
    if (whole && spec.until === undefined && useOnline) throw nothingToDo();
    return;
  }
  database.alert.note(`Media Recovery Start`, ` from change ${from}`);
  const starts = threadStarts(database, logs, from, useOnline);
  const reached = await rollForward(database, spec, { logs, starts, files, from });
  finishRecovery(database, spec, [...files.values()], reached);
  if (spec.until !== "CANCEL") refuseEarlyEnd(database, logs, reached.end);
  if (whole && spec.until !== undefined) warnWhereInconsistent(database);
  database.alert.note("Media Recovery Complete");
}

/** Recovery that was not told to stop anywhere wants all redo. */
function refuseEarlyEnd(database: SimulatedDatabase, logs: RecoveryLogs, end: Reached["end"]): void {
  if (end.kind === "missing") throw missingLog(database, logs, end);
  if (end.kind === "damaged") throw damagedLog(end);
}

/** Redo is never taken back: nothing may be newer than where recovery shall end. */
function refuseFilesPastTarget(spec: RecoverSpec, records: readonly DatafileRecord[]): void {
  const { until } = spec;
  if (until === undefined || until === "CANCEL" || !("scn" in until)) return;
  const newer = records.find((file) => headerOf(file).checkpoint.scn > until.scn);
  if (newer === undefined) return;
  throw new OraError(283, "recovery session canceled due to errors", {
    below: fileError(1152, newer).message.split("\n"),
  });
}

function nothingToDo(): OraError {
  return new OraError(264, "no recovery required");
}

function filesInScope(database: SimulatedDatabase, spec: RecoverSpec): DatafileRecord[] {
  const { scope } = spec;
  if (scope.level === "datafile") return scope.files.map((file) => findFile(database, file));
  if (scope.level === "tablespace") {
    const wanted = new Set(scope.names.map((name) => findTablespace(database, scope.conId, name).ts));
    return database.control.datafiles.filter((file) => file.conId === scope.conId && wanted.has(file.ts));
  }
  return database.control.datafiles.filter((file) => file.status === "ONLINE" || file.status === "SYSTEM");
}

function requireRecoverable(
  database: SimulatedDatabase,
  spec: RecoverSpec,
  records: readonly DatafileRecord[],
): void {
  const { control } = database;
  const session = (error: OraError): OraError =>
    new OraError(283, "recovery session canceled due to errors", { below: error.message.split("\n") });
  if (!spec.usingBackupControlfile && control.resetlogsRequired && control.type !== "CURRENT") {
    throw session(new OraError(1610, "recovery using the BACKUP CONTROLFILE option must be done"));
  }
  for (const file of records) {
    const open = database.openMode !== "MOUNTED" && (file.status === "ONLINE" || file.status === "SYSTEM");
    if (open) throw session(fileError(1124, file));
    if (file.path.includes("UNNAMED")) throw session(fileError(1111, file));
    const header = identifyForRecovery(database, file);
    const ahead = header.controlSequence > control.sequence || isUnknown(database, file, spec);
    if (ahead && !spec.usingBackupControlfile) throw session(verificationError(1207, file));
  }
}

/**
 * A checkpoint that the control file never took: the copy is newer. The sequence does not tell where a mounted control
 * file was written since. A crash may leave that too, but nobody asks for incomplete recovery after it.
 */
function isUnknown({ control }: SimulatedDatabase, file: DatafileRecord, { until }: RecoverSpec): boolean {
  const { scn } = headerOf(file).checkpoint;
  const known = [file.checkpointScn, file.lastScn ?? 0n, control.checkpointScn];
  return until !== undefined && known.every((one) => scn > one);
}

function identifyForRecovery(database: SimulatedDatabase, file: DatafileRecord): ReturnType<typeof identify> {
  try {
    return identify(database, file);
  } catch (error) {
    if (!(error instanceof OraError) || !error.message.includes("ORA-01190")) throw error;
    if (headerOf(file).resetlogsScn < database.control.resetlogsScn) throw error;
    throw new OraError(19_909, `datafile ${file.file} belongs to an orphan incarnation`, {
      below: error.message.split("\n").slice(1, 2),
    });
  }
}

/** The oldest checkpoint of a file that needs redo. Files that stand still need none, unless all of them do. */
function startScn(
  database: SimulatedDatabase,
  files: readonly FileUnderRecovery[],
  { whole, incomplete }: { readonly whole: boolean; readonly incomplete: boolean },
): bigint | undefined {
  const moving = files.filter(({ record }) => !standsStill(record, headerOf(record)));
  const behind = files.filter(({ record, from }) => from < (record.lastScn ?? record.checkpointScn));
  const needing = [...new Set([...moving, ...behind])];
  if (needing.length > 0) return needing.map((file) => file.from).reduce((a, b) => (a < b ? a : b));
  // Closed copies need nothing; but who asks for incomplete recovery gets it, and OPEN RESETLOGS then.
  const clean = database.control.type === "CURRENT" && !database.control.resetlogsRequired && !incomplete;
  if (clean || !whole) return undefined;
  return files.map((file) => file.from).reduce((a, b) => (a > b ? a : b), 0n);
}

/** Each enabled thread begins with the log that holds the start SCN. */
function threadStarts(
  database: SimulatedDatabase,
  logs: RecoveryLogs,
  from: bigint,
  useOnline: boolean,
): ThreadStart[] {
  return database.control.threads
    .filter((thread) => thread.enabled !== "DISABLED")
    .map(({ thread }) => {
      const known = logs.ofThread(thread);
      const holding = known.find((log) => log.header.firstScn <= from && (log.header.nextScn ?? from) > from);
      if (holding !== undefined) return { thread, sequence: holding.header.sequence };
      const online = useOnline ? onlineSequence(database, thread, from) : undefined;
      const after = known.find((log) => log.header.firstScn > from);
      if (after !== undefined) return { thread, sequence: Math.max(1, after.header.sequence - 1) };
      const last = known.at(-1);
      return {
        thread,
        sequence: online ?? (last === undefined ? sequenceOf(database, thread) : last.header.sequence + 1),
      };
    });
}

/** What the headers remember of the log that was current at their checkpoint. */
function sequenceOf(database: SimulatedDatabase, thread: number): number {
  const sequences = database.control.datafiles.flatMap((file) => {
    try {
      const { checkpoint } = headerOf(file);
      return checkpoint.thread === thread ? [checkpoint.rba.sequence] : [];
    } catch {
      return [];
    }
  });
  return Math.max(1, ...sequences);
}

interface RollForward {
  readonly logs: RecoveryLogs;
  readonly starts: readonly ThreadStart[];
  readonly files: Map<number, FileUnderRecovery>;
  readonly from: bigint;
}

async function rollForward(
  database: SimulatedDatabase,
  spec: RecoverSpec,
  work: RollForward,
): Promise<Reached> {
  const structure = { files: work.files, controlIsOld: spec.usingBackupControlfile, trustPaths: false };
  let last = work.from;
  let at: Date | undefined;
  let applied = 0;
  const target = spec.until !== "CANCEL" && spec.until !== undefined ? spec.until : undefined;
  for (const step of mergeRedo(work.logs, work.starts, work.from)) {
    if ("end" in step) return endReached(database, step.end, target, { scn: last, at });
    const { record } = step;
    at = record.at;
    const stop = stopAt(target, record);
    if (stop !== undefined) return { scn: stop, at, end: { kind: "target" } };
    if (record.scn < work.from) continue;
    last = record.scn;
    try {
      const { marker } = record;
      if (marker !== undefined) applyMarker(database, structure, marker, record.scn);
      applyRecord(database, work.files, record);
    } catch (error) {
      finishRecovery(database, spec, [...work.files.values()], {
        scn: record.scn,
        at,
        end: { kind: "stopped" },
      });
      throw error;
    }
    applied += 1;
    if (applied % TURN_AFTER === 0) {
      for (const entry of database.cache.dirty()) database.cache.writeNow(entry);
      await turn();
    }
  }
  return { scn: last + 1n, at, end: { kind: "end" } };
}

/** The SCN at which the target is met by this record, which is then not applied. */
function stopAt(
  target: { scn: bigint } | { time: Date } | undefined,
  record: RedoRecord,
): bigint | undefined {
  if (target === undefined) return undefined;
  if ("scn" in target) return record.scn >= target.scn ? target.scn : undefined;
  return record.marker?.kind === "commit" && record.marker.at >= target.time ? record.scn : undefined;
}

function endReached(
  database: SimulatedDatabase,
  end: RedoEnd,
  target: { scn: bigint } | { time: Date } | undefined,
  last: { readonly scn: bigint; readonly at: Date | undefined },
): Reached {
  const at = (end.kind === "missing" ? end.at : undefined) ?? last.at;
  if (end.kind === "missing" && target !== undefined && "scn" in target && end.scn >= target.scn) {
    return { scn: target.scn, at, end: { kind: "target" } };
  }
  if (end.kind === "end") {
    // All redo there is: also what the control file knows to be the end has been reached.
    const { checkpointScn } = database.control;
    return { scn: checkpointScn > last.scn ? checkpointScn : last.scn + 1n, at, end };
  }
  if (end.kind === "missing") return { scn: end.scn, at, end };
  return { scn: end.scn + 1n, at, end };
}

function damagedLog(end: Extract<RedoEnd, { kind: "damaged" }>): OraError {
  return new OraError(283, "recovery session canceled due to errors", {
    below: [
      `ORA-00353: log corruption near block ${end.block} change ${end.scn}`,
      `ORA-00334: archived log: '${end.log.path}'`,
    ],
  });
}

/** Incomplete recovery succeeds, and says what an open would complain about. */
function warnWhereInconsistent(database: SimulatedDatabase): void {
  const reason = inconsistency(database);
  if (reason === undefined) return;
  throw new OraError(1547, "warning: RECOVER succeeded but OPEN RESETLOGS would get error below", {
    below: reason.message.split("\n"),
  });
}
