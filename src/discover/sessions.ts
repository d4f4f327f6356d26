import type { SessionIdentity } from "../domain/obligation.ts";
import { oraCodeOf } from "../errors/database-error.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** gv$session is not granted (ORA-00942, ORA-01031). */
const NOT_GRANTED = new Set([942, 1031]);

/** Who the session is that asks; undefined where the right to know it is missing. */
export async function readOwnSession(
  db: Database,
  options: CallOptions,
): Promise<SessionIdentity | undefined> {
  try {
    const rows = await readRows(db, "own-session", options, (row) => ({
      instance: row.number("inst_id"),
      sid: row.number("sid"),
      serial: row.number("serial_no"),
      logonAt: row.text("logon_at"),
    }));
    return rows[0];
  } catch (error) {
    if (NOT_GRANTED.has(oraCodeOf(error) ?? 0)) return undefined;
    throw error;
  }
}

/** ACTIVE while it works at a statement; undefined where the session is gone, and everything it had begun has ended. */
export async function readSessionStatus(
  db: Database,
  session: SessionIdentity,
  options: CallOptions,
): Promise<string | undefined> {
  const binds = {
    inst_id: String(session.instance),
    sid: String(session.sid),
    serial_no: String(session.serial),
    logon_at: session.logonAt,
  };
  return (await readRows(db, "session-status", options, (row) => row.text("status"), binds))[0];
}
