import type { Incarnation } from "../domain/coverage.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** All that the control file remembers, the oldest first. Needs MOUNT. */
export async function readIncarnations(db: Database, options: CallOptions): Promise<readonly Incarnation[]> {
  const rows = await readRows(db, "incarnations", options, (row) => ({
    number: row.number("incarnation_no"),
    prior: row.number("prior_no"),
    id: row.text("resetlogs_id"),
    resetlogsScn: row.scn("resetlogs_scn"),
  }));
  return rows.map(({ id, resetlogsScn, prior }): Incarnation => {
    const parent = rows.find((one) => one.number === prior)?.id;
    return { id, resetlogsScn, ...(parent === undefined ? {} : { parent }) };
  });
}
