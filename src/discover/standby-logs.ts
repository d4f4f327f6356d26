import type { DatabaseIdentity } from "../domain/facts.ts";
import type { StandbyLog } from "../domain/standby.ts";
import type { LedgerLog } from "../domain/archive.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readLedger } from "./archive-look.ts";
import { readIdentity } from "./identity.ts";

/** Who it is, and the archived logs that it has as files. Needs MOUNT. */
export async function readStandbyLogs(
  db: Database,
  options: CallOptions,
): Promise<{ readonly identity: DatabaseIdentity; readonly ledger: readonly StandbyLog[] }> {
  const identity = await readIdentity(db, options);
  return { identity, ledger: (await readLedger(db, options)).filter(isFile) };
}

/** What lies in ASM only the instance can read; rows of other destinations name services, not files. */
function isFile(row: LedgerLog): row is StandbyLog {
  const { archived, deleted, status, standby, path } = row;
  return archived && !deleted && status === "A" && !standby && path?.startsWith("/") === true;
}
