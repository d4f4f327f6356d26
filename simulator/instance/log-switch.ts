import type { RedoHeader } from "../files/redo-file.ts";
import { OraError } from "../engine/ora-error.ts";
import { fullCheckpoint } from "./checkpoint.ts";
import type { LogGroupRecord, ThreadRecord } from "./control-file.ts";
import { requireAlive, type SimulatedDatabase } from "./database.ts";
import type { RedoThread } from "./redo-thread.ts";

/** Resolves when the thread's log has room for a burst of changes; switches where it has not. Whoever changes blocks asks first. */
export async function roomInLog(database: SimulatedDatabase, thread: number): Promise<void> {
  if (database.io.suspended) await database.io.passed();
  requireAlive(database);
  const log = database.threads.get(thread);
  if (log === undefined) throw new OraError(1109, "database not open");
  while (log.switching !== undefined || !log.hasRoom()) {
    await (log.switching ?? switchLog(database, log));
    requireAlive(database);
  }
}

/** Ends the thread's current log and begins the next; waits for a group that may be overwritten. */
export async function switchLog(database: SimulatedDatabase, log: RedoThread): Promise<void> {
  while (log.switching !== undefined) await log.switching;
  log.switching = doSwitch(database, log);
  try {
    await log.switching;
  } finally {
    log.switching = undefined;
  }
}

async function doSwitch(database: SimulatedDatabase, log: RedoThread): Promise<void> {
  const next = await reusableGroup(database, log);
  if (database.io.suspended) await database.io.passed();
  requireAlive(database);
  finishLog(database, log, false);
  beginLog(database, log, next);
  database.writeControl();
  database.alert.note(
    `Thread ${log.thread} advanced to log sequence ${next.sequence} (LGWR switch)`,
    ...next.members.map((member) => `  Current log# ${next.group} seq# ${next.sequence} mem# 0: ${member}`),
  );
  database.wake.archiver();
  database.wake.checkpoint();
}

/** Seals the current log: SCN range, end, status. */
export function finishLog(database: SimulatedDatabase, log: RedoThread, endOfThread: boolean): void {
  const { group } = log;
  database.flushRedo();
  const nextScn = database.nextScn();
  group.nextScn = nextScn;
  group.status = "ACTIVE";
  group.archived = database.control.logMode === "NOARCHIVELOG";
  log.finish({ ...logHeader(database, group), nextScn, nextAt: database.hooks.now(), endOfThread });
}

/** Makes a group the current one of its thread. */
function beginLog(database: SimulatedDatabase, log: RedoThread, group: LogGroupRecord): void {
  const thread = threadRecord(database, log.thread);
  thread.sequence += 1;
  group.sequence = thread.sequence;
  group.firstScn = log.group.nextScn ?? database.nextScn();
  group.firstAt = database.hooks.now();
  group.nextScn = null;
  group.status = "CURRENT";
  group.archived = false;
  log.begin(group, logHeader(database, group));
}

export function threadRecord(database: SimulatedDatabase, thread: number): ThreadRecord {
  const found = database.control.threads.find((record) => record.thread === thread);
  if (found === undefined) throw new OraError(1618, `redo thread ${thread} is not enabled - cannot mount`);
  return found;
}

/** The header of a log as the control file describes its group. Times of the second end are the caller's. */
export function logHeader(database: SimulatedDatabase, group: LogGroupRecord): RedoHeader {
  const { control, resetlogs } = database;
  return {
    compatible: database.compatible,
    dbid: control.dbid,
    dbName: control.dbName,
    controlSequence: control.sequence,
    blockSize: group.blockSize === 4096 ? 4096 : 512,
    onlineBlocks: group.bytes / group.blockSize,
    group: group.group,
    activationId: control.dbid,
    thread: group.thread,
    sequence: group.sequence,
    nab: 0,
    resetlogsScn: resetlogs.scn,
    resetlogsAt: resetlogs.at,
    priorResetlogsScn: resetlogs.priorScn,
    priorResetlogsAt: resetlogs.priorAt,
    firstScn: group.firstScn,
    firstAt: group.firstAt ?? control.createdAt,
    nextScn: group.nextScn,
    nextAt: null,
    enabledScn: resetlogs.scn,
    enabledAt: resetlogs.at,
    endOfThread: false,
  };
}

/** The oldest group of the thread that crash recovery does not need any more and that is archived. */
async function reusableGroup(database: SimulatedDatabase, log: RedoThread): Promise<LogGroupRecord> {
  for (let told = false; ;) {
    requireAlive(database);
    const candidates = database.control.logGroups
      .filter((group) => group.thread === log.thread && group.status !== "CURRENT")
      .toSorted((a, b) => a.sequence - b.sequence);
    const free = candidates.find(
      (group) => group.status === "UNUSED" || (group.status === "INACTIVE" && group.archived),
    );
    if (free !== undefined) return free;
    const [oldest] = candidates;
    if (oldest === undefined) throw new OraError(1518, "CREATE DATABASE must specify more than one log file");
    if (oldest.status === "ACTIVE") {
      await fullCheckpoint(database);
      continue;
    }
    if (!told) {
      told = true;
      database.alert.note(
        `ORACLE Instance - Cannot allocate log, archival required`,
        `Thread ${log.thread} cannot allocate new log, sequence ${log.group.sequence + 1}`,
        "All online logs need archiving",
      );
    }
    database.wake.archiver();
    await database.hooks.idle();
  }
}
