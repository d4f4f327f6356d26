import type { CallOptions, Database } from "../ports/database.ts";
import { readRow, readRows } from "./row-reader.ts";

/** Who a session is when it logged in with an administrative privilege. */
const ADMINISTRATIVE: Readonly<Record<string, string>> = {
  SYS: "SYSDBA",
  SYSBACKUP: "SYSBACKUP",
  PUBLIC: "SYSOPER",
};

/** Sorted. In MOUNT (`open` false) only the administrative privilege of the login is known. */
export async function readSessionPrivileges(
  db: Database,
  open: boolean,
  options: CallOptions,
): Promise<string[]> {
  const user = await readRow(db, "session-user", options, (row) => row.text("user_name"));
  const administrative = ADMINISTRATIVE[user];
  const granted = open
    ? await readRows(db, "session-privileges", options, (row) => row.text("privilege"))
    : [];
  return [...new Set([...granted, ...(administrative === undefined ? [] : [administrative])])].toSorted();
}
