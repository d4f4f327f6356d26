import { existsSync } from "node:fs";
import { type DatafileHeader, headerStatus } from "../files/datafile-header.ts";
import { OraError } from "../engine/ora-error.ts";
import type { DatafileRecord } from "./control-file.ts";
import { readHeaderOfAnySize } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";
import { fileError, verificationError } from "./refusals.ts";

/** Files that have to be in order for the database to open. */
export function requiredFiles(database: SimulatedDatabase): DatafileRecord[] {
  return database.control.datafiles.filter((file) => file.status === "ONLINE" || file.status === "SYSTEM");
}

/** ORA-01157 where a file is not there, ORA-01122 where it is another one than the control file means. */
export function identify(database: SimulatedDatabase, file: DatafileRecord): DatafileHeader {
  const header = existsSync(file.path) ? readHeaderOfAnySize(file.path) : undefined;
  if (header === undefined) throw fileError(1157, file);
  const { control } = database;
  if (header.dbid !== control.dbid) throw verificationError(1206, file);
  if (header.file !== file.file) throw verificationError(1204, file, header.file);
  if (header.creationScn !== file.creationScn) throw verificationError(1203, file);
  if (header.resetlogsScn !== control.resetlogsScn) throw verificationError(1190, file);
  return header;
}

/** Every check of a plain OPEN, in the order in which a real instance complains. */
export function requireOpenable(database: SimulatedDatabase): void {
  if (database.control.resetlogsRequired) {
    throw new OraError(1589, "must use RESETLOGS or NORESETLOGS option for database open");
  }
  const headers = requiredFiles(database).map((file) => ({ file, header: identify(database, file) }));
  for (const { file, header } of headers) {
    if (
      header.controlSequence > database.control.sequence ||
      header.checkpoint.scn > newestKnown(database, file)
    )
      throw verificationError(1207, file);
    if ((header.status & headerStatus.HBP) !== 0) throw fileError(10_873, file);
    if (header.recoveryFuzzyScn > header.checkpoint.scn) throw fileError(1113, file);
    const needed = file.lastScn ?? file.checkpointScn;
    if (header.checkpoint.scn < needed) throw fileError(1113, file);
  }
}

/** A header is never ahead of the control file, but by recovery that has just ended. */
function newestKnown(database: SimulatedDatabase, file: DatafileRecord): bigint {
  const open = database.control.threads.some((thread) => thread.status === "OPEN");
  return open
    ? 2n ** 62n
    : [file.checkpointScn, database.control.checkpointScn, file.lastScn ?? 0n].reduce((a, b) =>
        a > b ? a : b,
      );
}
