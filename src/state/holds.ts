import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

import { type Instant, instant } from "../domain/instant.ts";
import type { DatabaseName } from "../domain/names.ts";
import type { Hold } from "../domain/retention.ts";
import { onState } from "./state-error.ts";

/** A hold as it is kept here; the storage may have it too. */
export interface KeptHold extends Hold {
  readonly database: DatabaseName;
  readonly addedAt: Instant;
}

/** Reasons that keep objects. Those that ended are remembered, but not listed. */
export interface Holds {
  /** False, and nothing is kept: the removal of the object has begun. The same id again replaces it. */
  add(hold: KeptHold): boolean;
  /** Released already: success. */
  release(id: string, at: Instant): void;
  get(id: string): KeptHold | undefined;
  /** Not released; expired ones are among them. Oldest first. */
  list(database?: DatabaseName): readonly KeptHold[];
}

export function createHolds(db: DatabaseSync, path: string): Holds {
  const select =
    "select id, database, object, reason, owner, added_at, expires_at from hold where released_at is null";
  return {
    add: ({ id, database, object, reason, owner, addedAt, expiresAt }) =>
      onState(path, () => {
        const added = db
          .prepare(
            `insert or replace into hold (id, database, object, reason, owner, added_at, expires_at)
             select ?, ?, ?, ?, ?, ?, ?
             where not exists (select 1 from tombstone where object = ? and removing_at is not null)`,
          )
          .run(id, database, object, reason, owner, addedAt, expiresAt ?? null, object);
        return Number(added.changes) > 0;
      }),
    release: (id, at) =>
      onState(path, () => {
        db.prepare("update hold set released_at = ? where id = ? and released_at is null").run(at, id);
      }),
    get: (id) =>
      onState(path, () => {
        const row = db.prepare(`${select} and id = ?`).get(id);
        return row === undefined ? undefined : holdOf(row);
      }),
    list: (database) =>
      onState(path, () => {
        const order = "order by added_at, id";
        const rows =
          database === undefined
            ? db.prepare(`${select} ${order}`).all()
            : db.prepare(`${select} and database = ? ${order}`).all(database);
        return rows.map(holdOf);
      }),
  };
}

function holdOf(row: Record<string, SQLOutputValue>): KeptHold {
  const expires = row["expires_at"];
  return {
    id: String(row["id"]),
    database: String(row["database"]) as DatabaseName,
    object: String(row["object"]),
    reason: String(row["reason"]),
    owner: String(row["owner"]),
    addedAt: instant(Number(row["added_at"])),
    ...(expires === null ? {} : { expiresAt: instant(Number(expires)) }),
  };
}
