import { readArchiveLook } from "../discover/archive-look.ts";
import type { ArchiveLook, LedgerLog } from "../domain/archive.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { destinationId, liveLogs, ownSlot } from "../plan/archive-parameters.ts";
import { ARCHIVE_CURRENT_SQL } from "../plan/sql-text.ts";
import type { Database } from "../ports/database.ts";
import { inRoot } from "./in-root.ts";
import { readLogFile } from "./logs-area.ts";
import type { LogsStepOutcome } from "./logs-record.ts";
import type { World } from "./world.ts";

const POLL_MS = 250;

/**
 * Sends one log the whole way into the area: switched, archived at umbra's destination, and found there whole, by its header
 * and its length (rule 94). Throws UMB-9041 when the deadline of archived logs passes.
 */
export async function proveArrival(world: World): Promise<LogsStepOutcome> {
  const { clock, database, signal } = world;
  const endAt = clock.monotonicMs() + database.deadlines.archivedLogMs;
  const before = await inRoot(world, (db, statement) => readArchiveLook(db, statement));
  await switchLogs(world, endAt);
  for (;;) {
    const look = await inRoot(world, (db, statement) => readArchiveLook(db, statement));
    const found = arrived(before, look, world);
    const seen = found === undefined ? whyNot(look, world) : await problemOf(world, found, look.dbid);
    if (seen === undefined && found !== undefined) {
      return { note: `thread ${found.thread} sequence ${found.sequence} arrived` };
    }
    if (clock.monotonicMs() >= endAt) {
      const directory = liveLogs(database.backupArea);
      throw new UmbraError("UMB-9041", { directory, seen: seen ?? "nothing", rule: 94 });
    }
    await clock.sleep(POLL_MS, signal);
  }
}

/** A stuck archiver holds the answer back: then the wait for the log tells what there is. */
async function switchLogs(world: World, endAt: number): Promise<void> {
  const deadlineMs = Math.max(1, Math.min(endAt - world.clock.monotonicMs(), SWITCH_MS));
  const send = (db: Database) => db.execute(ARCHIVE_CURRENT_SQL, { deadlineMs, signal: world.signal });
  try {
    await inRoot(world, send);
  } catch (error) {
    const unanswered = error instanceof UmbraError && error.code === "UMB-5203";
    if (!unanswered) throw error;
  }
}

const SWITCH_MS = 60_000;

/** A log at umbra's destination that was current, or waiting, when the switch was asked for. */
function arrived(before: ArchiveLook, now: ArchiveLook, { database }: World): LedgerLog | undefined {
  const slot = ownSlot(now, liveLogs(database.backupArea));
  if (slot === undefined) return undefined;
  const open = before.online.filter((log) => log.current || !log.archived);
  return now.ledger.find(
    (log) =>
      log.destination === destinationId(slot) &&
      log.archived &&
      !log.deleted &&
      log.status === "A" &&
      log.resetlogsId === now.resetlogsId &&
      open.some((one) => one.thread === log.thread && one.sequence === log.sequence),
  );
}

function whyNot(look: ArchiveLook, { database }: World): string {
  const slot = ownSlot(look, liveLogs(database.backupArea));
  const own = look.destinations.find((one) => slot !== undefined && one.id === destinationId(slot));
  if (own === undefined) return "v$archive_dest does not show the destination";
  if (own.status !== "VALID") return `the destination is ${own.status}: ${own.error ?? "without a reason"}`;
  return `not within ${database.deadlines.archivedLogMs} ms after the switch`;
}

async function problemOf(world: World, log: LedgerLog, dbid: string): Promise<string | undefined> {
  if (log.path === undefined) return "v$archived_log does not name its file";
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  const file = await readLogFile(world.backupHost, log.path, options);
  if (file === undefined) return `${log.path} is not to be seen where the area is mounted`;
  if (file.kind === "strange") return `${log.path}: ${file.problem}`;
  if (file.problems.length > 0) return `${log.path}: ${file.problems.join("; ")}`;
  const same =
    file.dbid === dbid &&
    file.thread === log.thread &&
    file.sequence === log.sequence &&
    file.incarnation === log.resetlogsId;
  return same ? undefined : `${log.path} is another log than v$archived_log says`;
}
