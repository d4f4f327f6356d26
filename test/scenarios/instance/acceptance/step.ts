import type { Connection } from "oracledb";

import type { Served } from "../served.ts";

/** What one served instance of a release must keep, and how it is seen. The database is shared by all steps of a run. */
export type Step = readonly [promise: string, keep: (rig: Served) => Promise<void>];

/** Tables of one step have names of their own. */
let tables = 0;

/** A step with one connection of APP and the name of a table that nobody else uses. */
export function connected(
  promise: string,
  keep: (connection: Connection, rig: Served, table: string) => Promise<void>,
): Step {
  return [
    promise,
    async (rig) => {
      const connection = await rig.connect();
      tables += 1;
      try {
        await keep(connection, rig, `t${tables}`);
      } finally {
        await connection.close().catch(() => undefined);
      }
    },
  ];
}

/** Every row of a statement's result as arrays. */
export async function rowsOf(
  connection: Connection,
  sql: string,
  options: object = {},
): Promise<unknown[][]> {
  return (await connection.execute<unknown[]>(sql, [], options)).rows ?? [];
}
