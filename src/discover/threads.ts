import type { ThreadFacts } from "../domain/facts.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** In the order of their numbers. Needs MOUNT. */
export function readThreads(db: Database, options: CallOptions): Promise<ThreadFacts[]> {
  return readRows(db, "threads", options, (row) => ({
    thread: row.number("thread_no"),
    status: row.text("status"),
    enabled: row.text("enabled"),
  }));
}
