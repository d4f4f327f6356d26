import type { Kysely, Selectable } from "kysely";

import { type Instant, instant } from "../domain/instant.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { DatabaseName, FilePath } from "../domain/names.ts";
import type { BackupRow, StateSchema } from "./schema.ts";

/** umbra's list of backups: a copy of what the manifests say, for speed. */
export interface Catalog {
  /** The same id again replaces the row; what was verified stays. */
  add(entry: CatalogEntry): Promise<void>;
  /** As `add`, where the content was made anew: what was verified before does not count. */
  renew(entry: CatalogEntry): Promise<void>;
  remove(id: string): Promise<void>;
  verified(id: string, at: Instant, verdict: "good" | "damaged"): Promise<void>;
  get(id: string): Promise<CatalogEntry | undefined>;
  /** Newest first. */
  list(database?: DatabaseName): Promise<readonly CatalogEntry[]>;
}

type Summary = Omit<
  CatalogEntry,
  "id" | "database" | "directory" | "manifestSha256" | "finishedAt" | "verifiedAt" | "verdict"
>;

export function createCatalog(db: Kysely<StateSchema>): Catalog {
  const select = () => db.selectFrom("backup").selectAll();
  return {
    async add(entry) {
      const { id, row } = rowOf(entry);
      const insert = db.insertInto("backup").values({ id, ...row, ...UNVERIFIED });
      await insert.onConflict((conflict) => conflict.column("id").doUpdateSet(row)).execute();
    },
    async renew(entry) {
      const { id, row } = rowOf(entry);
      const insert = db.insertInto("backup").values({ id, ...row, ...UNVERIFIED });
      await insert
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ ...row, ...UNVERIFIED }))
        .execute();
    },
    async remove(id) {
      await db.deleteFrom("backup").where("id", "=", id).execute();
    },
    async verified(id, at, verdict) {
      await db.updateTable("backup").set({ verified_at: at, verdict }).where("id", "=", id).execute();
    },
    async get(id) {
      const row = await select().where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : entryOf(row);
    },
    async list(database) {
      const all = select().orderBy("finished_at", "desc").orderBy("id", "desc");
      const rows = await (database === undefined ? all : all.where("database", "=", database)).execute();
      return rows.map(entryOf);
    },
  };
}

const UNVERIFIED = { verified_at: null, verdict: null };

function rowOf({
  id,
  database,
  directory,
  manifestSha256,
  finishedAt,
  verifiedAt: _at,
  verdict: _verdict,
  ...summary
}: CatalogEntry) {
  const row = {
    database,
    directory,
    manifest_sha256: manifestSha256,
    finished_at: finishedAt,
    summary: JSON.stringify(summary satisfies Summary),
  };
  return { id, row };
}

function entryOf(row: Selectable<BackupRow>): CatalogEntry {
  return {
    id: row.id,
    database: row.database as DatabaseName,
    directory: row.directory as FilePath,
    manifestSha256: row.manifest_sha256,
    finishedAt: instant(row.finished_at),
    ...(JSON.parse(row.summary) as Summary),
    ...(row.verified_at === null ? {} : { verifiedAt: instant(row.verified_at) }),
    ...(row.verdict === null ? {} : { verdict: row.verdict as "good" | "damaged" }),
  };
}
