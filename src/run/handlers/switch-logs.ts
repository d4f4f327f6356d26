import { readIdentity } from "../../discover/identity.ts";
import { formatScn } from "../../domain/scn.ts";
import { ARCHIVE_CURRENT_SQL } from "../../plan/sql-text.ts";
import { noteLaterFiles } from "../current-datafiles.ts";
import type { Handler } from "../step-context.ts";

/** The logs with the last END BACKUP are closed, on all enabled threads (rule 44). */
export const switchLogs: Handler<"switch-logs"> = (_step, context) =>
  context.sessions.root(async (db) => {
    const { world, results, statement, signal } = context;
    await noteLaterFiles(db, context);
    results.switchedAt = (await readIdentity(db, statement)).currentScn;
    const deadlineMs = world.database.deadlines.archivedLogMs;
    await db.execute(ARCHIVE_CURRENT_SQL, { deadlineMs, signal });
    return { scn: formatScn(results.switchedAt) };
  });
