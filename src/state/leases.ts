import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

import { instant } from "../domain/instant.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import type { Lease } from "../domain/retention.ts";
import { identityOf, isAlive } from "./process-identity.ts";
import { onState } from "./state-error.ts";

/**
 * Who uses an object now. A restore, clone or proof takes one before it reads, and gives it back when it is done. Its run is
 * in the journal and has a lock before that: a lease ends with its run, also where that died.
 */
export interface Leases {
  /** False, and nothing is taken: the removal of the object has begun. Taken already with this id: success. */
  take(lease: Lease): boolean;
  /** All of a run's. */
  release(run: RunId): void;
  /** Those of runs that are not over. Oldest first. */
  list(database?: DatabaseName): readonly Lease[];
  /** Those that nobody gave back: their runs ended, or their processes died. Oldest first. */
  over(database: DatabaseName): readonly Lease[];
}

export function createLeases(db: DatabaseSync, path: string): Leases {
  const all = (database?: DatabaseName): readonly Lease[] => {
    const rows = db
      .prepare("select * from lease where database = coalesce(?, database) order by taken_at, id")
      .all(database ?? null);
    return rows.map(leaseOf);
  };
  /** A run that the journal does not know proves nothing. */
  const isOver = ({ run }: Lease): boolean => {
    const record = db.prepare("select ended_at from run where id = ?").get(run);
    if (record === undefined) return false;
    if (record["ended_at"] !== null) return true;
    const locks = db.prepare("select pid, boot_id, process_started from lock where run = ?").all(run);
    return !locks.map(identityOf).some(isAlive);
  };
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
    list: (database) => onState(path, () => all(database).filter((lease) => !isOver(lease))),
    over: (database) => onState(path, () => all(database).filter(isOver)),
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
