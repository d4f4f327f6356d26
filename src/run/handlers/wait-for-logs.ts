import { readArchivedLogs } from "../../discover/archived-logs.ts";
import { readThreads } from "../../discover/threads.ts";
import { counted, formatDuration } from "../../domain/human.ts";
import { formatScn } from "../../domain/scn.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { logsInArea } from "../logs-in-area.ts";
import { chooseLogs, type LogSet } from "../../plan/log-set.ts";
import type { Database } from "../../ports/database.ts";
import type { Handler, StepContext } from "../step-context.ts";

const POLL_MS = 200;

/** Polls until every enabled thread's redo up to the last END BACKUP is archived and its files are there (rule 45). */
export const waitForLogs: Handler<"wait-for-logs"> = async (_step, context) => {
  const { world, results } = context;
  const begun = world.clock.monotonicMs();
  const waitedMs = () => world.clock.monotonicMs() - begun;
  for (;;) {
    const { logs, missing } = await context.sessions.root((db) => look(db, context));
    if (missing.length === 0) {
      results.logSet = logs;
      return { note: counted(logs.length, "archived log"), from: formatScn(results.redoFrom) };
    }
    if (waitedMs() >= world.database.deadlines.archivedLogMs) {
      throw new UmbraError("UMB-9004", { missing, waited: formatDuration(waitedMs()), rule: 45 });
    }
    await world.clock.sleep(POLL_MS, context.signal);
  }
};

async function look(db: Database, context: StepContext): Promise<LogSet> {
  const { plan, results, statement, world, hosts } = context;
  const threads = await readThreads(db, statement);
  // One that was disabled while the backup ran has redo of that time too.
  const enabled = [...plan.facts.threads, ...threads].filter((one) => one.enabled !== "DISABLED");
  results.threads = [...new Set(enabled.map((one) => one.thread))].toSorted((a, b) => a - b);
  const fromScn = results.redoFrom;
  const { resetlogsScn, resetlogsId } = plan.facts.identity;
  const archived = await readArchivedLogs(db, { resetlogsScn, fromScn }, statement);
  const there = [];
  for (const log of archived) {
    if ((await world.databaseHost.stat(log.path, hosts))?.kind === "file") there.push(log);
  }
  there.push(...(await logsInArea(context)));
  return chooseLogs(there, {
    threads: results.threads,
    resetlogsId,
    fromScn,
    toScn: results.minimumRecovery,
  });
}
