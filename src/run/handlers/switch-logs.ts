import { readIdentity } from "../../discover/identity.ts";
import { formatScn } from "../../domain/scn.ts";
import { connectionLost } from "../../errors/database-error.ts";
import { isUmbraError } from "../../errors/umbra-error.ts";
import { ARCHIVE_CURRENT_SQL } from "../../plan/sql-text.ts";
import { noteLaterFiles } from "../current-datafiles.ts";
import type { Handler, StepContext, StepOutcome } from "../step-context.ts";

/** The logs with the last END BACKUP are closed, on all enabled threads (rule 44). */
export const switchLogs: Handler<"switch-logs"> = async (_step, context) => {
  const scn = await context.sessions.root(async (db) => {
    await noteLaterFiles(db, context);
    return (await readIdentity(db, context.statement)).currentScn;
  });
  context.results.switchedAt = scn;
  return { scn: formatScn(scn), ...(await archiveCurrent(context)) };
};

/**
 * Sent a second time where the connection was lost: twice archived is as good as once. An archiver that is slow or stuck
 * holds the answer back; the wait for the logs tells which of them is missing, so that it goes on from there.
 */
async function archiveCurrent(context: StepContext): Promise<StepOutcome> {
  const { world, sessions, signal } = context;
  const deadlineMs = world.database.deadlines.archivedLogMs;
  const send = () => sessions.root((db) => db.execute(ARCHIVE_CURRENT_SQL, { deadlineMs, signal }));
  try {
    await send().catch((error: unknown) => {
      if (!connectionLost(error) || isUnanswered(error)) throw error;
      return send();
    });
    return {};
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return { note: "not answered in time" };
  }
}

const isUnanswered = (error: unknown): boolean => isUmbraError(error) && error.code === "UMB-5203";
