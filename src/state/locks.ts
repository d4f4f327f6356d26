import type { DatabaseSync } from "node:sqlite";

import { formatUtc, type Instant, instant } from "../domain/instant.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { onState } from "./state-error.ts";
import { identityOf, isAlive, type ProcessIdentity } from "./process-identity.ts";
import { together } from "./together.ts";

/** One run at a time for a database, on this host. The lock of a dead owner is taken over. */
export interface Locks {
  /** Throws UMB-8001 with the live owner. Disposing gives it back. */
  take(database: DatabaseName, run: RunId, now: Instant): Disposable;
  /** The live owner; undefined where the lock is free. */
  owner(
    database: DatabaseName,
  ): { readonly run: RunId; readonly pid: number; readonly since: Instant } | undefined;
}

export function createLocks(db: DatabaseSync, path: string, me: ProcessIdentity): Locks {
  const find = db.prepare("select run, pid, boot_id, process_started, taken_at from lock where database = ?");
  const liveOwner = (database: DatabaseName) => {
    const row = find.get(database);
    if (row === undefined) return undefined;
    const identity = identityOf(row);
    if (!isAlive(identity)) return undefined;
    return { run: String(row["run"]) as RunId, pid: identity.pid, since: instant(Number(row["taken_at"])) };
  };
  const take = (database: DatabaseName, run: RunId, now: Instant) => {
    const owner = liveOwner(database);
    if (owner !== undefined) {
      const { pid, since } = owner;
      throw new UmbraError("UMB-8001", { database, run: owner.run, pid, since: formatUtc(since) });
    }
    db.prepare(
      "insert or replace into lock (database, run, pid, boot_id, process_started, taken_at) values (?, ?, ?, ?, ?, ?)",
    ).run(database, run, me.pid, me.bootId, me.started, now);
  };
  const release = (database: DatabaseName, run: RunId) => {
    try {
      db.prepare("delete from lock where database = ? and run = ?").run(database, run);
    } catch {
      // The lock of a dead process is taken over; an error here would hide the one that ended the run.
    }
  };
  return {
    owner: (database) => onState(path, () => liveOwner(database)),
    take: (database, run, now) => {
      together(db, path, () => take(database, run, now));
      return { [Symbol.dispose]: () => release(database, run) };
    },
  };
}
