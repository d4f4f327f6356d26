import { identifyLog } from "./redo-files.ts";
import type { LogGroupRecord } from "./control-file.ts";
import { OraError } from "../engine/ora-error.ts";
import { type SimulatedDatabase } from "./database.ts";
import { finishLog, logHeader, switchLog, threadRecord } from "./log-switch.ts";
import { redoBlockOk } from "../files/redo-file.ts";
import { RedoThread } from "./redo-thread.ts";
import { closeSync, openSync, readSync } from "node:fs";

export function currentGroup(database: SimulatedDatabase, thread: number): LogGroupRecord {
  const found = database.control.logGroups.find(
    (group) => group.thread === thread && group.status === "CURRENT",
  );
  if (found === undefined) throw new OraError(1620, `no public threads are available for mounting`);
  return found;
}

/** The first block of an online log behind what belongs to its sequence. */
export function endOfLog(group: LogGroupRecord): number {
  const [member = ""] = group.members;
  const log = identifyLog(member);
  if (log === undefined || log.header.sequence !== group.sequence) return 2;
  if (log.header.nextScn !== null) return log.header.nab;
  const fd = openSync(member, "r");
  try {
    const block = Buffer.alloc(group.blockSize);
    for (let number = 2; number < log.fileBlocks; number += 1) {
      readSync(fd, block, 0, block.length, number * group.blockSize);
      if (!redoBlockOk(block, { block: number, sequence: group.sequence })) return number;
    }
    return log.fileBlocks;
  } finally {
    closeSync(fd);
  }
}

/** Takes a thread into use: a log that holds redo already is ended and the next one begun. */
export async function openThread(
  database: SimulatedDatabase,
  thread: number,
  instance: string,
): Promise<void> {
  const record = threadRecord(database, thread);
  const log = await advanceIfUsed(database, thread);
  database.threads.set(thread, log);
  record.status = "OPEN";
  record.instance = instance;
  database.writeControl();
  database.alert.note(`Thread ${thread} opened at log sequence ${record.sequence}`);
}

/** Ends the current log of a thread that no instance has open, if there is anything in it. */
async function advanceIfUsed(database: SimulatedDatabase, thread: number): Promise<RedoThread> {
  const group = currentGroup(database, thread);
  const log = new RedoThread(thread, group);
  log.nextBlock = endOfLog(group);
  if (log.nextBlock > 2) await switchLog(database, log);
  else log.begin(group, logHeader(database, group));
  return log;
}

/** Ends a thread cleanly: its last log is sealed and stays the current one. */
export function closeThread(database: SimulatedDatabase, thread: number): void {
  const log = database.threads.get(thread);
  if (log === undefined) return;
  const { group } = log;
  finishLog(database, log, true);
  group.status = "CURRENT";
  group.archived = false;
  threadRecord(database, thread).status = "CLOSED";
  log.close();
  database.threads.delete(thread);
}
