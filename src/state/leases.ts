import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

import { instant } from "../domain/instant.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import type { Lease } from "../domain/retention.ts";
import { onState } from "./state-error.ts";

/** Who uses an object now. A restore, clone or proof takes one before it reads, and gives it back when it is done. */
export interface Leases {
  /** False, and nothing is taken: the removal of the object has begun. Taken already with this id: success. */
  take(lease: Lease): boolean;
  /** All of a run's. */
  release(run: RunId): void;
  /** Oldest first. */
  list(database?: DatabaseName): readonly Lease[];
}

export function createLeases(db: DatabaseSync, path: string): Leases {
  return {
    take: ({ id, database, object, user, run, takenAt }) =>
      onState(path, () => {
        const taken = db
          .prepare(
            `insert or replace into lease (id, database, object, user, run, taken_at)
             select ?, ?, ?, ?, ?, ?
             where not exists (select 1 from tombstone where object = ? and removing_at is not null)`,
          )
          .run(id, database, object, user, run, takenAt, object);
        return Number(taken.changes) > 0;
      }),
    release: (run) =>
      onState(path, () => {
        db.prepare("delete from lease where run = ?").run(run);
      }),
    list: (database) =>
      onState(path, () => {
        const all = "select * from lease";
        const order = "order by taken_at, id";
        const rows =
          database === undefined
            ? db.prepare(`${all} ${order}`).all()
            : db.prepare(`${all} where database = ? ${order}`).all(database);
        return rows.map(leaseOf);
      }),
  };
}

function leaseOf(row: Record<string, SQLOutputValue>): Lease {
  return {
    id: String(row["id"]),
    database: String(row["database"]) as DatabaseName,
    object: String(row["object"]),
    user: String(row["user"]),
    run: String(row["run"]) as RunId,
    takenAt: instant(Number(row["taken_at"])),
  };
}
