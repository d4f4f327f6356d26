import type {
  ArchiveDestinationState,
  ArchiveFacts,
  ArchiveLook,
  ArchiveParameter,
  LedgerLog,
  WaitingLog,
} from "../domain/archive.ts";
import type { FilePath } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readIdentity } from "./identity.ts";
import { present, readRows } from "./row-reader.ts";

/** Where redo logs go now, and by which parameters. Needs MOUNT. */
export async function readArchiveFacts(db: Database, options: CallOptions): Promise<ArchiveFacts> {
  const { dbid, role, openMode, logMode, currentScn, resetlogsId } = await readIdentity(db, options);
  const running = await readParameters(db, "archive-parameters", options);
  const stored = await readParameters(db, "archive-parameters-stored", options);
  const spfile = running.find((one) => one.name === "spfile")?.value;
  return {
    dbid,
    role,
    openMode,
    logMode,
    currentScn,
    resetlogsId,
    destinations: await readDestinationStates(db, options),
    parameters: [...running, ...stored],
    ...present("spfile", spfile as FilePath | undefined),
  };
}

/** The same, with every archived log that is known and the online logs. Needs MOUNT. */
export async function readArchiveLook(db: Database, options: CallOptions): Promise<ArchiveLook> {
  return {
    ...(await readArchiveFacts(db, options)),
    ledger: await readLedger(db, options),
    online: await readWaitingLogs(db, options),
  };
}

function readDestinationStates(db: Database, options: CallOptions): Promise<ArchiveDestinationState[]> {
  return readRows(db, "archive-destination-states", options, (row) => ({
    id: row.number("dest_id"),
    status: row.text("status"),
    target: row.text("target"),
    destination: row.optionalText("destination") ?? "",
    binding: row.text("binding"),
    reopenSeconds: row.number("reopen_secs"),
    failureCount: row.number("failure_count"),
    failSequence: row.number("fail_sequence"),
    ...present("error", row.optionalText("error")),
  }));
}

function readParameters(
  db: Database,
  statement: "archive-parameters" | "archive-parameters-stored",
  options: CallOptions,
): Promise<ArchiveParameter[]> {
  return readRows(db, statement, options, (row) => ({
    name: row.text("name").toLowerCase(),
    instance: row.text("instance_name"),
    value: row.text("value"),
    stored: statement === "archive-parameters-stored",
  }));
}

/** By incarnation, thread, sequence and destination. Deleted logs have no path any more. */
export function readLedger(db: Database, options: CallOptions): Promise<LedgerLog[]> {
  return readRows(db, "archived-log-ledger", options, (row) => ({
    destination: row.number("dest_id"),
    thread: row.number("thread_no"),
    sequence: row.number("sequence_no"),
    resetlogsId: row.text("resetlogs_id"),
    firstScn: row.scn("first_scn"),
    nextScn: row.scn("next_scn"),
    blocks: row.number("blocks"),
    blockSize: row.number("block_size"),
    archived: row.yesNo("archived"),
    deleted: row.yesNo("deleted"),
    status: row.text("status"),
    applied: row.optionalText("applied") ?? "NO",
    standby: row.yesNo("standby_dest"),
    // The host's clock may have been set back since.
    ageSeconds: Math.max(0, Number(row.optionalText("age_seconds") ?? "0")),
    ...present("path", row.optionalText("name") as FilePath | undefined),
  }));
}

/** Of every thread; a group that was never used has sequence 0. Needs MOUNT. */
export function readWaitingLogs(db: Database, options: CallOptions): Promise<WaitingLog[]> {
  return readRows(db, "waiting-logs", options, (row) => ({
    thread: row.number("thread_no"),
    sequence: row.number("sequence_no"),
    firstScn: row.scn("first_scn"),
    current: row.text("status") === "CURRENT",
    archived: row.yesNo("archived"),
  }));
}
