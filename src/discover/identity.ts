import type { DatabaseIdentity } from "../domain/facts.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRow } from "./row-reader.ts";

/** One query (rule 1). Needs MOUNT. */
export function readIdentity(db: Database, options: CallOptions): Promise<DatabaseIdentity> {
  return readRow(db, "identity", options, (row) => ({
    dbid: row.text("dbid"),
    name: row.text("name"),
    uniqueName: row.text("db_unique_name"),
    role: row.text("database_role"),
    openMode: row.text("open_mode"),
    logMode: row.text("log_mode"),
    cdb: row.yesNo("cdb"),
    resetlogsScn: row.scn("resetlogs_scn"),
    resetlogsId: row.text("resetlogs_id"),
    controlfileType: row.text("controlfile_type"),
    currentScn: row.scn("current_scn"),
    // FORCE_LOGGING knows more words than YES from 18c on (STANDBY NOLOGGING FOR …); only YES forces.
    forceLogging: row.optionalText("force_logging") === "YES",
    platform: row.text("platform_name"),
  }));
}

/** False in MOUNT, where nothing of the dictionary can be asked. */
export function isOpen(openMode: string): boolean {
  return openMode.startsWith("READ ");
}
