import { headerStatus } from "../files/datafile-header.ts";
import type { DatafileRecord } from "./control-file.ts";
import { headerOf } from "./checkpoint.ts";
import type { SimulatedDatabase } from "./database.ts";
import { applyRecord, type FileUnderRecovery } from "./redo-apply.ts";
import { identifyLog } from "./redo-files.ts";
import { type LogSource, mergeRedo } from "./redo-merge.ts";
import { applyMarker } from "./redo-structure.ts";
import { OraError } from "../engine/ora-error.ts";

/** Online logs, as the control file names them. */
export function onlineLogs(database: SimulatedDatabase): LogSource {
  const { control } = database;
  const groupOf = (thread: number, sequence: number) =>
    control.logGroups.find(
      (group) => group.thread === thread && group.sequence === sequence && group.status !== "UNUSED",
    );
  return {
    find: (thread, sequence) => {
      const group = groupOf(thread, sequence);
      for (const member of group?.members ?? []) {
        const log = identifyLog(member);
        if (log?.header.sequence === sequence && log.header.dbid === control.dbid) return log;
      }
      return undefined;
    },
    isLast: (log) => groupOf(log.header.thread, log.header.sequence)?.status === "CURRENT",
  };
}

/** The sequence with which a thread's redo from `scn` on begins, by the online logs; undefined where they begin later. */
export function onlineSequence(database: SimulatedDatabase, thread: number, scn: bigint): number | undefined {
  return database.control.logGroups
    .filter((group) => group.thread === thread && group.status !== "UNUSED" && group.firstScn <= scn)
    .toSorted((a, b) => b.sequence - a.sequence)[0]?.sequence;
}

export function filesUnderRecovery(records: readonly DatafileRecord[]): Map<number, FileUnderRecovery> {
  const files = new Map<number, FileUnderRecovery>();
  for (const record of records) {
    const header = headerOf(record);
    const inBackup = (header.status & headerStatus.HBP) !== 0;
    files.set(record.file, {
      record,
      from: header.checkpoint.scn,
      openBackup: inBackup ? header.backup.beginScn : undefined,
      wasOpen: !inBackup && (header.status & headerStatus.OFZ) !== 0,
      // A copy by RMAN may hold blocks newer than its checkpoint, and says how new.
      newestBlock: header.absoluteFuzzyScn > header.checkpoint.scn ? header.absoluteFuzzyScn : 0n,
      touched: false,
    });
  }
  return files;
}

/** Rolls forward from the last checkpoint with the online logs of every thread that was open when the instance died. */
export function recoverFromCrash(database: SimulatedDatabase): void {
  const { control } = database;
  const threads = control.threads.filter((thread) => thread.status === "OPEN");
  const from = control.checkpointScn;
  const starts = threads.map(({ thread }) => {
    const sequence = onlineSequence(database, thread, from);
    if (sequence === undefined) throw new OraError(354, "corrupt redo log block header");
    return { thread, sequence };
  });
  const open = control.datafiles.filter((file) => file.lastScn === null && file.enabled === "READ WRITE");
  const files = filesUnderRecovery(
    open.filter((file) => file.status === "ONLINE" || file.status === "SYSTEM"),
  );
  database.alert.note(`Beginning crash recovery of ${threads.length} threads`, `Started redo scan`);
  for (const step of mergeRedo(onlineLogs(database), starts, from)) {
    if ("end" in step) {
      if (step.end.kind === "end") break;
      throw new OraError(313, `open failed for members of log group 1 of thread ${starts[0]?.thread ?? 1}`);
    }
    database.raiseScn(step.record.scn);
    if (step.record.scn < from) continue;
    if (step.record.marker !== undefined) {
      applyMarker(
        database,
        { files, controlIsOld: false, trustPaths: true },
        step.record.marker,
        step.record.scn,
      );
    }
    applyRecord(database, files, step.record);
  }
  for (const entry of database.cache.dirty()) database.cache.writeNow(entry);
  database.alert.note("Completed crash recovery at", `  scn ${database.scn}`);
}
