import type { OnlineLogFacts } from "../domain/facts.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** One for each group, with its members; by thread and group. Needs MOUNT. */
export async function readOnlineLogs(db: Database, options: CallOptions): Promise<OnlineLogFacts[]> {
  const members = await readRows(db, "online-logs", options, (row) => ({
    thread: row.number("thread_no"),
    group: row.number("group_no"),
    sequence: row.number("sequence_no"),
    bytes: row.number("bytes"),
    status: row.text("status"),
    member: row.path("member"),
  }));
  const groups = new Map<number, OnlineLogFacts>();
  for (const { member, ...log } of members) {
    groups.set(log.group, { ...log, members: [...(groups.get(log.group)?.members ?? []), member] });
  }
  return [...groups.values()];
}
