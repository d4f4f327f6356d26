import type { InstanceStart } from "../domain/snapshot-obligation.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

export interface InstanceWriting extends InstanceStart {
  /** v$instance.database_status is not ACTIVE. */
  readonly suspended: boolean;
}

/** Each instance of the database, in the order of their numbers. Reads no file of the database: works while it is suspended. */
export function readSuspension(db: Database, options: CallOptions): Promise<InstanceWriting[]> {
  return readRows(db, "suspension", options, (row) => ({
    instance: row.number("instance_number"),
    startedAt: row.text("started_at"),
    suspended: row.text("database_status") !== "ACTIVE",
  }));
}
