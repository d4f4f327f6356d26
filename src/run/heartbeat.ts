import { readClock } from "../discover/clock.ts";
import { readIdentity } from "../discover/identity.ts";
import { readOnlineLogs } from "../discover/online-logs.ts";
import type { Facts } from "../domain/facts.ts";
import type { Heartbeat } from "../domain/heartbeat.ts";
import { ROOT } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { CallOptions } from "../ports/database.ts";
import type { World } from "./world.ts";

/** Of what discovery read: the SCN came before the clock, so no change up to it is later than the moment. */
function heartbeatOf({
  identity,
  clock,
  onlineLogs,
}: Pick<Facts, "identity" | "clock" | "onlineLogs">): Heartbeat {
  const current = onlineLogs.filter((log) => log.status === "CURRENT");
  return {
    at: clock.databaseUtc,
    scn: identity.currentScn,
    incarnation: identity.resetlogsId,
    sequences: Object.fromEntries(current.map((log) => [log.thread, log.sequence])),
  };
}

/** Of what a command has read anyway. Nothing is noted of a mounted database, or of another than is configured. */
export async function noteFacts(
  { state, database }: Pick<World, "state" | "database">,
  facts: Pick<Facts, "identity" | "clock" | "onlineLogs">,
): Promise<void> {
  const { dbid, openMode } = facts.identity;
  if (openMode === "MOUNTED" || (database.dbid !== undefined && database.dbid !== dbid)) return;
  state.heartbeats.add(database.name, heartbeatOf(facts));
}

/**
 * Looks once and notes it. A mounted database has no SCN that grows, so nothing is noted of it. Throws UMB-3101 where
 * another database answers than the configuration says (rule 2).
 */
export async function noteHeartbeat(world: World): Promise<Heartbeat | undefined> {
  const { database, connector, clock, signal, state } = world;
  const connect: CallOptions = { deadlineMs: database.deadlines.connectMs, signal };
  const statement: CallOptions = { deadlineMs: database.deadlines.statementMs, signal };
  await using db = await connector.connect({ ...connect, container: ROOT });
  const identity = await readIdentity(db, statement);
  if (database.dbid !== undefined && database.dbid !== identity.dbid) {
    const seen = `the database ${identity.name} has DBID ${identity.dbid}, not ${database.dbid} as configured`;
    throw new UmbraError("UMB-3101", { seen, rule: 2 });
  }
  if (identity.openMode === "MOUNTED") return undefined;
  const read = {
    identity,
    clock: await readClock(db, clock, statement),
    onlineLogs: await readOnlineLogs(db, statement),
  };
  const heartbeat = heartbeatOf(read);
  state.heartbeats.add(database.name, heartbeat);
  return heartbeat;
}
