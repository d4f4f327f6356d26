import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

import { type Instant, instant } from "../domain/instant.ts";
import type { LogMark, PrunedTo } from "../domain/log-prune.ts";
import type { DatabaseName, FilePath, RunId } from "../domain/names.ts";
import { formatScn, scn } from "../domain/scn.ts";
import { onState } from "./state-error.ts";
import { together } from "./together.ts";

/** Archived logs that go, from the decision to the end, and how far they have gone. */
export interface LogMarks {
  /** Marked already: it stays as it is. */
  put(marks: readonly LogMark[]): void;
  /** Those stay whose removal has not begun; they are returned. */
  takeBack(database: DatabaseName, paths: readonly FilePath[]): readonly FilePath[];
  /** Ids of all holds and leases that are there: what a plan can have known. To be read before it looks at anything. */
  reasons(database: DatabaseName): readonly string[];
  /**
   * The removal begins, and coverage counts the logs no more, so that nothing new relies on them. Nothing changes where a
   * hold or a lease is there that is not among `known`, the reasons that the plan knew: decided in one transaction, so that
   * none is added in between; then undefined. Returns what was claimed now.
   */
  claim(claim: {
    readonly database: DatabaseName;
    readonly paths: readonly FilePath[];
    readonly at: Instant;
    readonly known: readonly string[];
    readonly prunedTo: PrunedTo;
  }): readonly FilePath[] | undefined;
  /** Only after the file was seen to be gone. */
  removed(database: DatabaseName, paths: readonly FilePath[]): void;
  /** Those whose removal has begun first, then by path. */
  list(database: DatabaseName): readonly LogMark[];
  prunedTo(database: DatabaseName): PrunedTo | undefined;
}

export function createLogMarks(db: DatabaseSync, path: string): LogMarks {
  const each = (sql: string, rows: readonly (readonly (string | number)[])[]) =>
    together(db, path, () => {
      const statement = db.prepare(sql);
      return rows.map((row) => Number(statement.run(...row).changes) > 0);
    });
  return {
    put: (marks) => {
      const insert = `insert into log_mark (database, path, log, run, marked_at, remove_from)
        values (?, ?, ?, ?, ?, ?) on conflict do nothing`;
      each(
        insert,
        marks.map((one) => [one.database, one.path, logText(one), one.run, one.markedAt, one.removeFrom]),
      );
    },
    takeBack: (database, paths) => {
      const sql = "delete from log_mark where database = ? and path = ? and removing_at is null";
      const taken = each(
        sql,
        paths.map((one) => [database, one]),
      );
      return paths.filter((_, index) => taken[index]);
    },
    reasons: (database) => onState(path, () => reasonsFor(db, database)),
    claim: ({ database, paths, at, known, prunedTo: to }) =>
      together(db, path, () => {
        if (reasonsFor(db, database).some((one) => !known.includes(one))) return undefined;
        notePruned(db, database, to);
        const update = db.prepare(
          "update log_mark set removing_at = ? where database = ? and path = ? and removing_at is null",
        );
        return paths.filter((one) => Number(update.run(at, database, one).changes) > 0);
      }),
    removed: (database, paths) => {
      each(
        "delete from log_mark where database = ? and path = ?",
        paths.map((one) => [database, one]),
      );
    },
    list: (database) =>
      onState(path, () =>
        db
          .prepare("select * from log_mark where database = ? order by removing_at is null, path")
          .all(database)
          .map(markOf),
      ),
    prunedTo: (database) => onState(path, () => prunedTo(db, database)),
  };
}

function reasonsFor(db: DatabaseSync, database: string): readonly string[] {
  const sql = `select id from lease where database = ?
    union all select id from hold where database = ? and released_at is null`;
  return db
    .prepare(sql)
    .all(database, database)
    .map((row) => String(row["id"]));
}

function prunedTo(db: DatabaseSync, database: string): PrunedTo | undefined {
  const row = db.prepare("select incarnation, scn from log_pruned where database = ?").get(database);
  if (row === undefined) return undefined;
  return { incarnation: String(row["incarnation"]), scn: scn(BigInt(String(row["scn"]))) };
}

/** What was removed once stays removed, whatever is wanted later. Resetlogs ids are numbers that grow. */
function notePruned(db: DatabaseSync, database: string, to: PrunedTo): void {
  const before = prunedTo(db, database);
  const isFurther =
    before === undefined ||
    Number(to.incarnation) > Number(before.incarnation) ||
    (to.incarnation === before.incarnation && to.scn > before.scn);
  if (!isFurther) return;
  const sql = "insert or replace into log_pruned (database, incarnation, scn) values (?, ?, ?)";
  db.prepare(sql).run(database, to.incarnation, formatScn(to.scn));
}

function logText({ incarnation, thread, sequence, firstScn, nextScn, bytes, dbid }: LogMark): string {
  const scns = { firstScn: formatScn(firstScn), nextScn: formatScn(nextScn) };
  return JSON.stringify({ incarnation, thread, sequence, bytes, dbid, ...scns });
}

function markOf(row: Record<string, SQLOutputValue>): LogMark {
  const log = JSON.parse(String(row["log"])) as Pick<
    LogMark,
    "incarnation" | "thread" | "sequence" | "bytes" | "dbid"
  > & { readonly firstScn: string; readonly nextScn: string };
  const removing = row["removing_at"];
  return {
    ...log,
    firstScn: scn(BigInt(log.firstScn)),
    nextScn: scn(BigInt(log.nextScn)),
    database: String(row["database"]) as DatabaseName,
    path: String(row["path"]) as FilePath,
    run: String(row["run"]) as RunId,
    markedAt: instant(Number(row["marked_at"])),
    removeFrom: instant(Number(row["remove_from"])),
    ...(removing === null ? {} : { removingAt: instant(Number(removing)) }),
  };
}
