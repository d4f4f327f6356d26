import type { Database } from "../../src/ports/database.ts";
import type { World } from "../../src/run/world.ts";

/** The same world, in whose sessions some calls do something else. */
export function changedSessions(world: World, change: (inner: Database) => Partial<Database>): World {
  const session = (inner: Database): Database => ({
    container: inner.container,
    query: (sql, binds, options) => inner.query(sql, binds, options),
    execute: (sql, options) => inner.execute(sql, options),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
    ...change(inner),
  });
  return {
    ...world,
    connector: { connect: async (options) => session(await world.connector.connect(options)) },
  };
}
