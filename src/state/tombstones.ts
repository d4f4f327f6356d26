import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

import { type Instant, instant } from "../domain/instant.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import type { Tombstone } from "../domain/retention.ts";
import { onState } from "./state-error.ts";
import { together } from "./together.ts";

/** What goes, from the decision to the end. A removal that has begun is never forgotten before it ended. */
export interface Tombstones {
  /** There already: it stays as it is. */
  put(tombstone: Omit<Tombstone, "removingAt" | "removedAt">): void;
  /** The object stays. False: its removal has begun, or there is none. */
  takeBack(object: string): boolean;
  /**
   * The removal begins, and the catalog forgets the object, so that nothing new relies on it. False, and nothing changes,
   * where a hold or a lease keeps it, or where there is no tombstone any more: decided in one statement, so that neither is
   * added in between.
   */
  claim(object: string, at: Instant): boolean;
  removed(object: string, at: Instant): void;
  /** Not removed yet; those whose removal has begun first, then by their time. */
  list(database: DatabaseName): readonly Tombstone[];
  /** Those that were removed, oldest first: what they held is gone, and when it was is not. */
  removedOnes(database: DatabaseName): readonly Tombstone[];
  /** Also one that was removed. */
  get(object: string): Tombstone | undefined;
}

export function createTombstones(db: DatabaseSync, path: string): Tombstones {
  const change = (sql: string, ...values: readonly (string | number)[]) =>
    onState(path, () => Number(db.prepare(sql).run(...values).changes) > 0);
  return {
    put: ({ object, database, run, decidedBy, why, entry, markedAt, removeFrom }) => {
      const insert = `insert into tombstone (object, database, run, decided_by, why, entry, marked_at, remove_from)
        values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`;
      const said = [JSON.stringify(why), JSON.stringify(entry)];
      change(insert, object, database, run, decidedBy, ...said, markedAt, removeFrom);
    },
    takeBack: (object) => change("delete from tombstone where object = ? and removing_at is null", object),
    claim: (object, at) =>
      together(db, path, () => {
        const claimed = change(
          `update tombstone set removing_at = ? where object = ? and removing_at is null
           and not exists (select 1 from lease where lease.object = tombstone.object)
           and not exists (select 1 from hold where hold.object = tombstone.object and released_at is null
                           and (expires_at is null or expires_at > ?))`,
          at,
          object,
          at,
        );
        if (claimed) change("delete from backup where id = ?", object);
        return claimed;
      }),
    removed: (object, at) => {
      change("update tombstone set removed_at = ? where object = ? and removed_at is null", at, object);
    },
    list: (database) =>
      onState(path, () =>
        db
          .prepare(
            `select * from tombstone where database = ? and removed_at is null
             order by removing_at is null, remove_from, object`,
          )
          .all(database)
          .map(tombstoneOf),
      ),
    removedOnes: (database) =>
      onState(path, () =>
        db
          .prepare(
            "select * from tombstone where database = ? and removed_at is not null order by removed_at, object",
          )
          .all(database)
          .map(tombstoneOf),
      ),
    get: (object) =>
      onState(path, () => {
        const row = db.prepare("select * from tombstone where object = ?").get(object);
        return row === undefined ? undefined : tombstoneOf(row);
      }),
  };
}

function tombstoneOf(row: Record<string, SQLOutputValue>): Tombstone {
  const [removing, removed] = [row["removing_at"], row["removed_at"]];
  return {
    object: String(row["object"]),
    database: String(row["database"]) as DatabaseName,
    run: String(row["run"]) as RunId,
    decidedBy: String(row["decided_by"]) as Tombstone["decidedBy"],
    why: JSON.parse(String(row["why"])) as readonly string[],
    entry: JSON.parse(String(row["entry"])) as CatalogEntry,
    markedAt: instant(Number(row["marked_at"])),
    removeFrom: instant(Number(row["remove_from"])),
    ...(removing === null ? {} : { removingAt: instant(Number(removing)) }),
    ...(removed === null ? {} : { removedAt: instant(Number(removed)) }),
  };
}
