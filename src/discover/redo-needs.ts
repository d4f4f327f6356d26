import type { LogDeletionInput, RedoNeed } from "../domain/log-deletion.ts";
import { needsOfStandbys } from "../plan/redo-needs.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readArchiveLook } from "./archive-look.ts";
import { readRow, readRows } from "./row-reader.ts";

/** Who needs redo besides backups and holds: standbys, capture, guaranteed restore points (rule 97). Needs MOUNT. */
export async function readRedoNeeds(
  db: Database,
  options: CallOptions,
): Promise<Pick<LogDeletionInput, "needs" | "unknown">> {
  const look = await readArchiveLook(db, options);
  const standbys = needsOfStandbys(look);
  const { from } = await readRow(db, "capture-needs", options, (row) => ({
    from: row.optionalScn("capture_scn"),
  }));
  const capture: readonly RedoNeed[] =
    from === undefined
      ? []
      : [{ kind: "capture", name: "capture of changes", incarnation: look.resetlogsId, from }];
  const points = await readRows(db, "guaranteed-restore-points", options, (row): RedoNeed => ({
    kind: "restore-point",
    name: row.text("name"),
    incarnation: row.text("resetlogs_id"),
    from: row.scn("scn"),
  }));
  return { needs: [...standbys.needs, ...capture, ...points], unknown: standbys.unknown };
}
