import { OraError } from "../engine/ora-error.ts";
import type { SimulatedDatabase } from "./database.ts";
import { requireAlive } from "./database.ts";
import { switchLog } from "./log-switch.ts";
import { RedoThread } from "./redo-thread.ts";
import { currentGroup, endOfLog } from "./threads.ts";

/** Switches the log of every enabled thread, those without an instance too, and waits until all of them are archived. */
export async function archiveCurrent(database: SimulatedDatabase): Promise<void> {
  if (database.control.logMode === "NOARCHIVELOG")
    throw new OraError(258, "manual archiving in NOARCHIVELOG mode must identify log");
  const switched: { group: number; sequence: number }[] = [];
  for (const { thread, enabled } of database.control.threads) {
    if (enabled === "DISABLED") continue;
    const log = database.threads.get(thread) ?? idleThread(database, thread);
    switched.push({ group: log.group.group, sequence: log.group.sequence });
    await switchLog(database, log);
    if (!database.threads.has(thread)) log.close();
  }
  const waiting = (): boolean =>
    database.control.logGroups.some((group) =>
      switched.some((log) => log.group === group.group && log.sequence === group.sequence && !group.archived),
    );
  while (waiting()) {
    await database.hooks.idle();
    requireAlive(database);
  }
}

function idleThread(database: SimulatedDatabase, thread: number): RedoThread {
  const group = currentGroup(database, thread);
  const log = new RedoThread(thread, group);
  log.nextBlock = endOfLog(group);
  return log;
}
