import type { ArchivedLogFacts } from "../domain/facts.ts";
import { formatScn, type Scn } from "../domain/scn.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/**
 * Logs of the incarnation that hold changes after `fromScn`, at local destinations, by thread, sequence and destination.
 * Deleted ones, which have no name any more, are left out. Needs MOUNT.
 */
export function readArchivedLogs(
  db: Database,
  from: { readonly resetlogsScn: Scn; readonly fromScn: Scn },
  options: CallOptions,
): Promise<ArchivedLogFacts[]> {
  const binds = { resetlogs_scn: formatScn(from.resetlogsScn), from_scn: formatScn(from.fromScn) };
  return readRows(
    db,
    "archived-logs",
    options,
    (row) => ({
      destination: row.number("dest_id"),
      thread: row.number("thread_no"),
      sequence: row.number("sequence_no"),
      resetlogsId: row.text("resetlogs_id"),
      resetlogsScn: row.scn("resetlogs_scn"),
      firstScn: row.scn("first_scn"),
      nextScn: row.scn("next_scn"),
      blocks: row.number("blocks"),
      blockSize: row.number("block_size"),
      archived: row.yesNo("archived"),
      deleted: row.yesNo("deleted"),
      status: row.text("status"),
      path: row.path("name"),
    }),
    binds,
  );
}
