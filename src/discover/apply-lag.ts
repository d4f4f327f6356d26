import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

const SECONDS = { day: 86_400, hour: 3_600, minute: 60 } as const;

/** Seconds by which redo apply of a standby is behind; undefined where it does not know. Needs MOUNT. */
export async function readApplyLag(db: Database, options: CallOptions): Promise<number | undefined> {
  const [lag] = await readRows(db, "apply-lag", options, (row) => row.optionalText("lag"));
  const match = /^\+(\d+) (\d+):(\d+):(\d+)/.exec(lag ?? "");
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 5).map(Number);
  return days * SECONDS.day + hours * SECONDS.hour + minutes * SECONDS.minute + seconds;
}
