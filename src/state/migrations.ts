import type { DatabaseSync } from "node:sqlite";

import { UmbraError } from "../errors/umbra-error.ts";

/** Each entry brings the schema one version further. Entries are never changed once released. */
const migrations: readonly string[] = [
  `create table run (
     id text primary key, database text not null, kind text not null, started_at integer not null,
     directory text, ended_at integer, outcome text, error text
   ) strict;
   create index run_open on run (database) where ended_at is null;
   create table step (
     run text not null references run (id), step text not null, position integer not null, title text not null,
     state text not null check (state in ('intent', 'done', 'failed')),
     started_at integer not null, ended_at integer, outcome text,
     primary key (run, step)
   ) strict;
   create table obligation (
     id text primary key, database text not null, run text not null references run (id), dbid text not null,
     resetlogs_scn text not null, scope text not null, files text not null, asked text not null, begun text,
     opened_at integer not null, discharged_at integer, note text
   ) strict;
   create index obligation_open on obligation (database) where discharged_at is null;
   create table lock (
     database text primary key, run text not null, pid integer not null, boot_id text not null,
     process_started text not null, taken_at integer not null
   ) strict;
   create table backup (
     id text primary key, database text not null, directory text not null, manifest_sha256 text not null,
     finished_at integer not null, summary text not null, verified_at integer, verdict text
   ) strict;`,
  `create table startup_obligation (
     id text primary key, database text not null, run text not null references run (id), dbid text not null,
     resetlogs_scn text not null, saved text not null, started_at text not null,
     opened_at integer not null, discharged_at integer, note text
   ) strict;
   create index startup_obligation_open on startup_obligation (database) where discharged_at is null;`,
  `create table heartbeat (
     database text not null, incarnation text not null, scn text not null, at integer not null, sequences text not null,
     primary key (database, incarnation, scn)
   ) strict;`,
  `create table log_destination (
     database text primary key, directory text not null, slot text not null, changes text not null, set_at integer not null,
     since_scn text not null, incarnation text not null, proved_at integer, deferred text
   ) strict;
   create table log_file (
     database text not null, path text not null, bytes integer not null, modified_at integer not null, header text not null,
     primary key (database, path)
   ) strict;`,
  `create table hold (
     id text primary key, database text not null, object text not null, reason text not null, owner text not null,
     added_at integer not null, expires_at integer, released_at integer
   ) strict;
   create table lease (
     id text primary key, database text not null, object text not null, user text not null, run text not null,
     taken_at integer not null
   ) strict;
   create table proof (
     database text not null, object text not null, run text not null, at integer not null, primary key (object, run)
   ) strict;
   create table tombstone (
     object text primary key, database text not null, run text not null, decided_by text not null,
     why text not null, entry text not null,
     marked_at integer not null, remove_from integer not null, removing_at integer, removed_at integer
   ) strict;`,
  `create table snapshot_obligation (
     id text primary key, database text not null, run text not null, body text not null,
     opened_at integer not null, discharged_at integer, note text
   ) strict;
   create index snapshot_obligation_open on snapshot_obligation (database) where discharged_at is null;`,
  `create table log_mark (
     database text not null, path text not null, log text not null, run text not null,
     marked_at integer not null, remove_from integer not null, removing_at integer,
     primary key (database, path)
   ) strict;
   create table log_pruned (
     database text primary key, incarnation text not null, scn text not null
   ) strict;`,
  `create table agent (id integer primary key check (id = 1), name text not null) strict;`,
  // With leading zeros SCNs are in order as text too.
  `alter table heartbeat add column
     in_order text not null generated always as (substr('00000000000000000000' || scn, -20)) virtual;
   create index heartbeat_in_order on heartbeat (database, incarnation, in_order);
   create index heartbeat_by_time on heartbeat (database, incarnation, at, in_order);`,
];

/** Brings the schema up to date, in one transaction. Throws UMB-8003 for a schema newer than this program. */
export function migrate(database: DatabaseSync, path: string): void {
  database.exec("begin immediate");
  try {
    const found = Number(database.prepare("pragma user_version").get()?.["user_version"] ?? 0);
    if (found > migrations.length)
      throw new UmbraError("UMB-8003", { path, found, known: migrations.length });
    for (const migration of migrations.slice(found)) database.exec(migration);
    database.exec(`pragma user_version = ${migrations.length}`);
    database.exec("commit");
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}
