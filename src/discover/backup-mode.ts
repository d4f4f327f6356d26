import type { BackupModeFacts } from "../domain/facts.ts";
import { scn } from "../domain/scn.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { present, readRows } from "./row-reader.ts";

/** v$backup by absolute file number. Needs MOUNT. */
export async function readBackupMode(
  db: Database,
  options: CallOptions,
): Promise<ReadonlyMap<number, BackupModeFacts>> {
  const rows = await readRows(db, "backup-mode", options, (row) => {
    const facts = {
      active: row.text("status") === "ACTIVE",
      changeScn: row.optionalScn("change_scn") ?? scn(0),
      ...present("at", row.optionalText("begun_at")),
    };
    return [row.number("file_no"), facts] as const;
  });
  return new Map(rows);
}
