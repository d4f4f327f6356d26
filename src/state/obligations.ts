import type { Kysely, Selectable } from "kysely";

import { type Instant, instant } from "../domain/instant.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import type { Obligation } from "../domain/obligation.ts";
import { formatScn, scn, type Scn } from "../domain/scn.ts";
import type { BackupScope, FileIdentity } from "../domain/step.ts";
import type { ObligationRow, StateSchema } from "./schema.ts";

/** END BACKUP, which must happen whatever happens (decision 0001). STARTUP has a table of its own. */
export interface Obligations {
  /** On stable storage before BEGIN BACKUP is sent. The same id again replaces it. */
  open(obligation: Omit<Obligation, "begun" | "dischargedAt">): Promise<void>;
  /** CHANGE# of each file, read right after BEGIN. */
  begun(id: string, changes: Readonly<Record<number, Scn>>): Promise<void>;
  /** Only after v$backup said NOT ACTIVE, or that BEGIN never happened; `note` says which. */
  discharge(id: string, at: Instant, note: string): Promise<void>;
  /** Undischarged ones, oldest first. */
  pending(database: DatabaseName): Promise<readonly Obligation[]>;
}

export function createObligations(db: Kysely<StateSchema>): Obligations {
  return {
    async open(obligation) {
      const { id, database, run, dbid } = obligation;
      const row = {
        id,
        database,
        run,
        dbid,
        resetlogs_scn: formatScn(obligation.resetlogsScn),
        scope: JSON.stringify(obligation.scope),
        files: JSON.stringify(obligation.files.map((f) => [f.file, formatScn(f.creationScn)])),
        asked: JSON.stringify({ ...obligation.asked, scn: formatScn(obligation.asked.scn) }),
        begun: null,
        opened_at: obligation.openedAt,
        discharged_at: null,
        note: null,
      };
      const insert = db.insertInto("obligation").values(row);
      await insert.onConflict((conflict) => conflict.column("id").doUpdateSet(row)).execute();
    },
    async begun(id, changes) {
      const begun = JSON.stringify(
        Object.entries(changes).map(([file, change]) => [Number(file), formatScn(change)]),
      );
      await db.updateTable("obligation").set({ begun }).where("id", "=", id).execute();
    },
    async discharge(id, at, note) {
      const end = { discharged_at: at, note };
      await db
        .updateTable("obligation")
        .set(end)
        .where("id", "=", id)
        .where("discharged_at", "is", null)
        .execute();
    },
    async pending(database) {
      const open = db.selectFrom("obligation").selectAll().where("discharged_at", "is", null);
      const rows = await open.where("database", "=", database).orderBy("opened_at").execute();
      return rows.map(obligationOf);
    },
  };
}

type Pairs = readonly (readonly [number, string])[];

function obligationOf(row: Selectable<ObligationRow>): Obligation {
  const asked = JSON.parse(row.asked) as { scn: string; localTime: string; deadlineMs: number };
  const files = (JSON.parse(row.files) as Pairs).map(([file, created]): FileIdentity => ({
    file,
    creationScn: scn(BigInt(created)),
  }));
  const begun = row.begun === null ? undefined : (JSON.parse(row.begun) as Pairs);
  return {
    id: row.id,
    database: row.database as DatabaseName,
    run: row.run as RunId,
    dbid: row.dbid,
    resetlogsScn: scn(BigInt(row.resetlogs_scn)),
    scope: JSON.parse(row.scope) as BackupScope,
    files,
    asked: { ...asked, scn: scn(BigInt(asked.scn)) },
    openedAt: instant(row.opened_at),
    ...(begun === undefined
      ? {}
      : { begun: Object.fromEntries(begun.map(([file, change]) => [file, scn(BigInt(change))])) }),
    ...(row.discharged_at === null ? {} : { dischargedAt: instant(row.discharged_at) }),
  };
}
