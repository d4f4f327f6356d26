import { oraCodeOf } from "../errors/database-error.ts";
import type { Database } from "../ports/database.ts";
import type { World } from "./world.ts";

/** It was not running any more. */
const NOT_ACTIVE = 16_136;

/** Stops redo apply of a standby before it is shut down (rule 26); the saved state says that it ran. */
export async function stopApply(db: Database, { database }: World): Promise<void> {
  // Apply ends behind the log that it is in.
  const deadlineMs = database.deadlines.shutdownMs;
  try {
    await db.execute("alter database recover managed standby database cancel", { deadlineMs });
  } catch (error) {
    if (oraCodeOf(error) !== NOT_ACTIVE) throw error;
  }
}
