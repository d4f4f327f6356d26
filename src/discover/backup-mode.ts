import type { BackupModeFacts } from "../domain/facts.ts";
import { scn } from "../domain/scn.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { present, readRows } from "./row-reader.ts";

/** Anything else describes why the header could not be read. */
const KNOWN = new Set(["ACTIVE", "NOT ACTIVE", "OFFLINE NORMAL"]);

/** v$backup by absolute file number. Needs MOUNT. */
export async function readBackupMode(
  db: Database,
  options: CallOptions,
): Promise<ReadonlyMap<number, BackupModeFacts>> {
  const rows = await readRows(db, "backup-mode", options, (row) => {
    const status = row.text("status");
    const facts = {
      active: status === "ACTIVE",
      changeScn: row.optionalScn("change_scn") ?? scn(0),
      ...present("at", row.optionalText("begun_at")),
      ...present("problem", KNOWN.has(status) ? undefined : status),
    };
    return [row.number("file_no"), facts] as const;
  });
  return new Map(rows);
}
