import type { Kysely } from "kysely";

import { type Instant, instant } from "../domain/instant.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import type { SnapshotObligation } from "../domain/snapshot-obligation.ts";
import type { StateSchema } from "./schema.ts";

/** What backups by snapshots of the primary volumes owe: RESUME, the end of snapshots and of views. */
export interface SnapshotObligations {
  /** On stable storage before what it undoes is asked for. The same id again replaces it. */
  open(obligation: SnapshotObligation): Promise<void>;
  discharge(id: string, at: Instant, note: string): Promise<void>;
  /** Undischarged ones, oldest first. */
  pending(database: DatabaseName): Promise<readonly SnapshotObligation[]>;
}

export function createSnapshotObligations(db: Kysely<StateSchema>): SnapshotObligations {
  return {
    async open({ id, database, run, openedAt, ...body }) {
      const row = {
        id,
        database,
        run,
        body: JSON.stringify(body),
        opened_at: openedAt,
        discharged_at: null,
        note: null,
      };
      const insert = db.insertInto("snapshot_obligation").values(row);
      await insert.onConflict((conflict) => conflict.column("id").doUpdateSet(row)).execute();
    },
    async discharge(id, at, note) {
      const open = db.updateTable("snapshot_obligation").set({ discharged_at: at, note });
      await open.where("id", "=", id).where("discharged_at", "is", null).execute();
    },
    async pending(database) {
      const open = db.selectFrom("snapshot_obligation").selectAll().where("discharged_at", "is", null);
      const rows = await open.where("database", "=", database).orderBy("opened_at").execute();
      return rows.map((row) => {
        const known = { id: row.id, run: row.run as RunId, database: row.database as DatabaseName };
        const body = JSON.parse(row.body) as Record<string, unknown>;
        return { ...body, ...known, openedAt: instant(row.opened_at) } as SnapshotObligation;
      });
    },
  };
}
