import type { DatabaseSync } from "node:sqlite";

import { onState } from "./state-error.ts";

/** One transaction: all of it or nothing. Errors: as `onState`. */
export function together<T>(db: DatabaseSync, path: string, work: () => T): T {
  return onState(path, () => {
    db.exec("begin immediate");
    try {
      const result = work();
      db.exec("commit");
      return result;
    } catch (error) {
      // A failure of the disk has rolled back already.
      if (db.isTransaction) db.exec("rollback");
      throw error;
    }
  });
}
