import type { Kysely } from "kysely";

import type { Heartbeat } from "../domain/heartbeat.ts";
import { instant } from "../domain/instant.ts";
import type { DatabaseName } from "../domain/names.ts";
import { formatScn, scn } from "../domain/scn.ts";
import type { StateSchema } from "./schema.ts";

/** When a database was at which SCN. */
export interface Heartbeats {
  /** The same SCN of the same incarnation again is not noted twice. */
  add(database: DatabaseName, heartbeat: Heartbeat): Promise<void>;
  /** In no promised order: SCNs are text there. */
  list(database: DatabaseName): Promise<readonly Heartbeat[]>;
}

export function createHeartbeats(db: Kysely<StateSchema>): Heartbeats {
  return {
    async add(database, { at, scn: value, incarnation, sequences }) {
      const row = { database, incarnation, scn: formatScn(value), at, sequences: JSON.stringify(sequences) };
      await db
        .insertInto("heartbeat")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async list(database) {
      const rows = await db.selectFrom("heartbeat").selectAll().where("database", "=", database).execute();
      return rows.map((row) => ({
        at: instant(row.at),
        scn: scn(BigInt(row.scn)),
        incarnation: row.incarnation,
        sequences: JSON.parse(row.sequences) as Heartbeat["sequences"],
      }));
    },
  };
}
