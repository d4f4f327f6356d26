import type { ContainerFacts, DatafileFacts } from "../domain/facts.ts";
import type { TablespaceName } from "../domain/names.ts";
import { scn } from "../domain/scn.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readBackupMode } from "./backup-mode.ts";
import { containerOf } from "./containers.ts";
import { present, readRows, type RowReader } from "./row-reader.ts";

type Header = NonNullable<DatafileFacts["header"]>;

/** Control file, headers and v$backup of every datafile, in the order of their numbers. Needs MOUNT. */
export async function readDatafiles(
  db: Database,
  containers: readonly ContainerFacts[],
  options: CallOptions,
): Promise<DatafileFacts[]> {
  const headers = await readHeaders(db, options);
  const backup = await readBackupMode(db, options);
  return readRows(db, "datafiles", options, (row) => {
    const file = row.number("file_no");
    return {
      file,
      relativeFile: row.number("rfile_no"),
      container: containerOf(row, containers),
      tablespace: row.text("ts_name") as TablespaceName,
      tablespaceNumber: row.number("ts"),
      bigfile: row.yesNo("bigfile"),
      path: row.path("name"),
      status: row.text("status"),
      enabled: row.text("enabled"),
      bytes: row.number("bytes"),
      blocks: row.number("blocks"),
      blockSize: row.number("block_size"),
      ...scnsOf(row),
      ...present("header", headers.get(file)),
      // A file that was added after v$backup was read is in no backup mode that we saw.
      backup: backup.get(file) ?? { active: false, changeScn: scn(0) },
    };
  });
}

function scnsOf(row: RowReader) {
  return {
    creationScn: row.scn("creation_scn"),
    checkpointScn: row.scn("checkpoint_scn"),
    ...present("lastScn", row.optionalScn("last_scn")),
    ...present("offlineScn", row.optionalScn("offline_scn")),
    ...present("unrecoverableScn", row.optionalScn("unrecoverable_scn")),
  };
}

async function readHeaders(db: Database, options: CallOptions): Promise<ReadonlyMap<number, Header>> {
  const rows = await readRows(db, "datafile-headers", options, (row) => {
    const header = {
      fuzzy: row.optionalText("fuzzy") === "YES",
      checkpointScn: row.optionalScn("checkpoint_scn") ?? scn(0),
      ...present("error", row.optionalText("error")),
    };
    return [row.number("file_no"), header] as const;
  });
  return new Map(rows);
}
