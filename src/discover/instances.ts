import type { InstanceFacts } from "../domain/facts.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** One for each open instance of a cluster, in the order of their numbers. Needs NOMOUNT. */
export function readInstances(db: Database, options: CallOptions): Promise<InstanceFacts[]> {
  return readRows(db, "instances", options, (row) => ({
    number: row.number("instance_number"),
    name: row.text("instance_name"),
    host: row.text("host_name"),
    version: row.text("version"),
    edition: row.text("edition"),
    status: row.text("status"),
    thread: row.number("thread_no"),
    startedAt: row.text("started_at"),
  }));
}
