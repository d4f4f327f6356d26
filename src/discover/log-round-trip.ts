import type { ArchivedLogFacts, Facts } from "../domain/facts.ts";
import { ROOT } from "../domain/names.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { archivedLogProblems, readArchivedLogHeader } from "../formats/archived-log-header.ts";
import type { CallOptions } from "../ports/database.ts";
import { readArchivedLogs } from "./archived-logs.ts";
import { checked, type CheckItem } from "./check-item.ts";
import type { DiscoverWorld } from "./discover.ts";
import { statements } from "./statements.ts";

const POLL_MS = 500;
/** The largest block of a redo log is 4 KiB; its header is in block 1. */
const HEAD_BYTES = 8_192;

/**
 * Sends one redo log the whole way: switched, archived, found and read by the agent. The switch is the only thing that
 * `umbra check` changes in a database.
 */
export async function checkLogRoundTrip(world: DiscoverWorld, facts: Facts): Promise<CheckItem> {
  const log = await archivedAfterSwitch(world, facts);
  const problems =
    log === undefined
      ? [notArchived(world.database.deadlines.archivedLogMs)]
      : await judged(world, facts, log);
  const seen = log === undefined ? "" : `thread ${log.thread} sequence ${log.sequence} at ${log.path}`;
  return checked("log round trip", problems.length === 0, [seen, ...problems].filter(Boolean).join(": "), {
    rule: 45,
    todo: "look at v$archive_dest and the alert log; the agent must be able to read the archived logs",
  });
}

/** The log that was current before, archived on a local destination; undefined when the deadline passes. */
async function archivedAfterSwitch(
  world: DiscoverWorld,
  facts: Facts,
): Promise<ArchivedLogFacts | undefined> {
  const { clock, database, signal } = world;
  const { connectMs, statementMs, archivedLogMs } = database.deadlines;
  const statement: CallOptions = { deadlineMs: statementMs, signal };
  const current = facts.onlineLogs.filter((log) => log.status === "CURRENT");
  const from = { resetlogsScn: facts.identity.resetlogsScn, fromScn: facts.identity.currentScn };
  await using db = await world.connector.connect({ deadlineMs: connectMs, signal, container: ROOT });
  const endAt = clock.monotonicMs() + archivedLogMs;
  await db.execute(statements["switch-logfile"].text, statement);
  for (;;) {
    const logs = await readArchivedLogs(db, from, statement);
    const found = logs.find(
      (log) => log.archived && log.status === "A" && current.some((one) => sameLog(one, log)),
    );
    if (found !== undefined || clock.monotonicMs() >= endAt) return found;
    await clock.sleep(POLL_MS, signal);
  }
}

function sameLog(
  one: { readonly thread: number; readonly sequence: number },
  other: { readonly thread: number; readonly sequence: number },
): boolean {
  return one.thread === other.thread && one.sequence === other.sequence;
}

function notArchived(ms: number): string {
  return `the switched log was not archived on a local destination within ${ms} ms`;
}

async function judged(world: DiscoverWorld, facts: Facts, log: ArchivedLogFacts): Promise<readonly string[]> {
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  try {
    const stat = await world.databaseHost.stat(log.path, options);
    if (stat === undefined) return ["the agent does not see the file"];
    const head = await world.databaseHost.read(log.path, { offset: 0, length: HEAD_BYTES }, options);
    const header = readArchivedLogHeader(head);
    if (!header.ok) return [header.reason];
    const { thread, sequence, resetlogsId } = log;
    const expected = { fileBytes: stat.bytes, dbid: facts.identity.dbid, thread, sequence, resetlogsId };
    return archivedLogProblems(header.value, expected);
  } catch (error) {
    if (isUmbraError(error)) return [error.message];
    throw error;
  }
}
