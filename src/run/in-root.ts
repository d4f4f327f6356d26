import { ROOT } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import type { World } from "./world.ts";

/** Runs `use` on a fresh session in the root, and closes it on every path. */
export async function inRoot<T>(
  world: Pick<World, "connector" | "database" | "signal">,
  use: (db: Database, statement: CallOptions) => Promise<T>,
): Promise<T> {
  const { connectMs, statementMs } = world.database.deadlines;
  const statement: CallOptions = { deadlineMs: statementMs, signal: world.signal };
  await using db = await world.connector.connect({ ...statement, deadlineMs: connectMs, container: ROOT });
  return await use(db, statement);
}
