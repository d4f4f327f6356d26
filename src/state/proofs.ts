import type { Kysely } from "kysely";

import { instant } from "../domain/instant.ts";
import type { DatabaseName, RunId } from "../domain/names.ts";
import type { Proof } from "../domain/retention.ts";
import type { StateSchema } from "./schema.ts";

/** Which backups and snapshots a restore has proven. */
export interface Proofs {
  /** The same run again replaces it. */
  add(proof: Proof): Promise<void>;
  /** Oldest first. */
  list(database: DatabaseName): Promise<readonly Proof[]>;
}

export function createProofs(db: Kysely<StateSchema>): Proofs {
  return {
    async add(proof) {
      const insert = db.insertInto("proof").values({ ...proof });
      await insert
        .onConflict((conflict) => conflict.columns(["object", "run"]).doUpdateSet({ ...proof }))
        .execute();
    },
    async list(database) {
      const rows = await db
        .selectFrom("proof")
        .selectAll()
        .where("database", "=", database)
        .orderBy("at")
        .orderBy("run")
        .execute();
      return rows.map(({ object, run, at }) => ({ database, object, run: run as RunId, at: instant(at) }));
    },
  };
}
