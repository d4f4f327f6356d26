import type { DatabaseSync, SQLInputValue } from "node:sqlite";

import type { SqliteDatabase } from "kysely";

import { onState } from "./state-error.ts";

/** What kysely's SQLite dialect wants, over Node's own SQLite. Failures are UMB-8006. */
export function forKysely(database: DatabaseSync, path: string): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = onState(path, () => database.prepare(sql));
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => onState(path, () => statement.all(...values(parameters))),
        run: (parameters) => onState(path, () => statement.run(...values(parameters))),
        iterate: (parameters) => onState(path, () => statement.iterate(...values(parameters))),
      };
    },
  };
}
