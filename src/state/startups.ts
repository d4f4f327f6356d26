import type { Kysely, Selectable } from "kysely";

import { type Instant, instant } from "../domain/instant.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import type { StartupObligation } from "../domain/obligation.ts";
import type { SavedState } from "../domain/saved-state.ts";
import { formatScn, scn } from "../domain/scn.ts";
import type { StartupRow, StateSchema } from "./schema.ts";

/** STARTUP, which must happen whatever happens, with the state that the database had (decision 0001). */
export interface Startups {
  /** On stable storage before SHUTDOWN is sent. The same id again replaces it. */
  open(obligation: Omit<StartupObligation, "dischargedAt">): Promise<void>;
  /** Only after the database was seen in the state that it had; `note` says how it came there. */
  discharge(id: string, at: Instant, note: string): Promise<void>;
  /** Undischarged ones, oldest first. */
  pending(database: DatabaseName): Promise<readonly StartupObligation[]>;
}

export function createStartups(db: Kysely<StateSchema>): Startups {
  return {
    async open({ id, database, run, dbid, resetlogsScn, saved, startedAt, openedAt }) {
      const row = {
        id,
        database,
        run,
        dbid,
        resetlogs_scn: formatScn(resetlogsScn),
        saved: JSON.stringify(saved),
        started_at: JSON.stringify(startedAt),
        opened_at: openedAt,
        discharged_at: null,
        note: null,
      };
      const insert = db.insertInto("startup_obligation").values(row);
      await insert.onConflict((conflict) => conflict.column("id").doUpdateSet(row)).execute();
    },
    async discharge(id, at, note) {
      const open = db.updateTable("startup_obligation").set({ discharged_at: at, note });
      await open.where("id", "=", id).where("discharged_at", "is", null).execute();
    },
    async pending(database) {
      const open = db.selectFrom("startup_obligation").selectAll().where("discharged_at", "is", null);
      const rows = await open.where("database", "=", database).orderBy("opened_at").execute();
      return rows.map(startupOf);
    },
  };
}

function startupOf(row: Selectable<StartupRow>): StartupObligation {
  return {
    id: row.id,
    run: row.run as RunId,
    database: row.database as DatabaseName,
    dbid: row.dbid,
    resetlogsScn: scn(BigInt(row.resetlogs_scn)),
    saved: JSON.parse(row.saved) as SavedState,
    startedAt: JSON.parse(row.started_at) as StartupObligation["startedAt"],
    openedAt: instant(row.opened_at),
    ...(row.discharged_at === null ? {} : { dischargedAt: instant(row.discharged_at) }),
  };
}
