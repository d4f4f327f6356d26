import type { Kysely, Selectable } from "kysely";

import type { DeferredDestination, LogDestination } from "../domain/archive.ts";
import { instant } from "../domain/instant.ts";
import type { DatabaseName, FilePath } from "../domain/names.ts";
import { formatScn, scn } from "../domain/scn.ts";
import type { LogDestinationRow, StateSchema } from "./schema.ts";

/** The archive destination that umbra gave a database, and whether it owes it an ENABLE. */
export interface LogDestinations {
  find(database: DatabaseName): Promise<LogDestination | undefined>;
  /** On stable storage before the first parameter is set, and before DEFER is sent. Replaces what was noted. */
  note(database: DatabaseName, destination: LogDestination): Promise<void>;
  /** Only after v$archive_dest showed it enabled again, or that it never was deferred. */
  enabled(database: DatabaseName): Promise<void>;
  /** After its parameters have their old values again. */
  forget(database: DatabaseName): Promise<void>;
}

export function createLogDestinations(db: Kysely<StateSchema>): LogDestinations {
  return {
    async find(database) {
      const row = await db
        .selectFrom("log_destination")
        .selectAll()
        .where("database", "=", database)
        .executeTakeFirst();
      return row === undefined ? undefined : destinationOf(row);
    },
    async note(database, destination) {
      const row = rowOf(database, destination);
      const insert = db.insertInto("log_destination").values(row);
      await insert.onConflict((conflict) => conflict.column("database").doUpdateSet(row)).execute();
    },
    async enabled(database) {
      await db
        .updateTable("log_destination")
        .set({ deferred: null })
        .where("database", "=", database)
        .execute();
    },
    async forget(database) {
      await db.deleteFrom("log_destination").where("database", "=", database).execute();
    },
  };
}

function rowOf(database: DatabaseName, destination: LogDestination): LogDestinationRow {
  return {
    database,
    directory: destination.directory,
    slot: JSON.stringify(destination.slot),
    changes: JSON.stringify(destination.changes),
    set_at: destination.setAt,
    since_scn: formatScn(destination.sinceScn),
    incarnation: destination.incarnation,
    proved_at: destination.provedAt ?? null,
    deferred: destination.deferred === undefined ? null : JSON.stringify(destination.deferred),
  };
}

function destinationOf(row: Selectable<LogDestinationRow>): LogDestination {
  return {
    directory: row.directory as FilePath,
    slot: JSON.parse(row.slot) as LogDestination["slot"],
    changes: JSON.parse(row.changes) as LogDestination["changes"],
    setAt: instant(row.set_at),
    sinceScn: scn(BigInt(row.since_scn)),
    incarnation: row.incarnation,
    ...(row.proved_at === null ? {} : { provedAt: instant(row.proved_at) }),
    ...(row.deferred === null ? {} : { deferred: JSON.parse(row.deferred) as DeferredDestination }),
  };
}
