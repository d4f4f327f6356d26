import type { OpenWork } from "../domain/cold-look.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRow } from "./row-reader.ts";

/** Transactions of all instances and their undo (rule 29). Nothing in MOUNT. */
export function readOpenWork(db: Database, options: CallOptions): Promise<OpenWork> {
  return readRow(db, "open-transactions", options, (row) => ({
    transactions: row.number("transactions"),
    undoRecords: row.number("undo_records"),
  }));
}
