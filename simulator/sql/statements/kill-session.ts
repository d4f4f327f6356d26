import { fail } from "../errors.ts";
import type { StatementWorld } from "./statement.ts";

/** Marks a session killed; its running call ends, and its next one gives ORA-00028. IMMEDIATE also drops the connection. */
export async function killSession(
  world: StatementWorld,
  sid: number,
  serial: number,
  drop: boolean,
): Promise<void> {
  const victim = world.core.sessions.find(sid, serial);
  if (victim === undefined) throw fail(30);
  if (victim === world.session) throw fail(27);
  victim.killed = true;
  victim.abort?.();
  if (drop) await world.core.drop((candidate) => candidate === sid);
}
