import type { Kysely, Selectable } from "kysely";

import type { AreaLog } from "../domain/archive.ts";
import { instant } from "../domain/instant.ts";
import type { DatabaseName, FilePath } from "../domain/names.ts";
import { formatScn, scn } from "../domain/scn.ts";
import type { LogFileRow, StateSchema } from "./schema.ts";

/**
 * Headers of whole, right logs that were read, so that coverage need not read thousands of them each time. One counts only
 * for a file of the same name, length and time of the last write. Verification does not look here.
 */
export interface LogFiles {
  /** Those below the directory: with many snapshots there are many times as many. */
  list(database: DatabaseName, directory: FilePath): Promise<ReadonlyMap<FilePath, AreaLog>>;
  add(database: DatabaseName, logs: readonly AreaLog[]): Promise<void>;
  forget(database: DatabaseName, paths: readonly FilePath[]): Promise<void>;
}

/** SQLite takes so many values in one statement safely. */
const BATCH = 200;

export function createLogFiles(db: Kysely<StateSchema>): LogFiles {
  return {
    async list(database, directory) {
      const ofDatabase = db.selectFrom("log_file").selectAll().where("database", "=", database);
      // `0` comes right after `/`: a range of the primary key.
      const below = ofDatabase.where("path", ">", `${directory}/`).where("path", "<", `${directory}0`);
      const rows = await below.execute();
      return new Map(rows.map((row) => [row.path as FilePath, logOf(row)]));
    },
    async add(database, logs) {
      for (const some of batches(logs)) {
        const insert = db.replaceInto("log_file").values(some.map((log) => rowOf(database, log)));
        await insert.execute();
      }
    },
    async forget(database, paths) {
      for (const some of batches(paths)) {
        await db.deleteFrom("log_file").where("database", "=", database).where("path", "in", some).execute();
      }
    },
  };
}

function batches<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) =>
    all.slice(index * BATCH, (index + 1) * BATCH),
  );
}

function rowOf(database: DatabaseName, log: AreaLog): LogFileRow {
  const header = { ...log, firstScn: formatScn(log.firstScn), nextScn: formatScn(log.nextScn ?? scn(0)) };
  return {
    database,
    path: log.path,
    bytes: log.bytes,
    modified_at: log.modifiedAt,
    header: JSON.stringify(header),
  };
}

function logOf(row: Selectable<LogFileRow>): AreaLog {
  const header = JSON.parse(row.header) as Omit<AreaLog, "firstScn" | "nextScn"> & {
    readonly firstScn: string;
    readonly nextScn: string;
  };
  return {
    ...header,
    modifiedAt: instant(row.modified_at),
    firstScn: scn(BigInt(header.firstScn)),
    nextScn: scn(BigInt(header.nextScn)),
  };
}
