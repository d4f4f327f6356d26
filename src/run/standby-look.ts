import { readStandbyLogs } from "../discover/standby-logs.ts";
import type { DatabaseIdentity } from "../domain/facts.ts";
import { HERE } from "../domain/fleet.ts";
import type { LogKey } from "../domain/log-report.ts";
import type { FilePath } from "../domain/names.ts";
import type { StandbyLog, StandbyLook, StandbyProblem } from "../domain/standby.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { keyText } from "../plan/expected-logs.ts";
import { eachOf } from "./each-of.ts";
import { inRoot } from "./in-root.ts";
import type { StandbyWay } from "./standby-way.ts";
import type { World } from "./world.ts";

/** Files looked at at once. */
const WIDTH = 8;

/**
 * Asks one standby for logs, and looks whether their files are there. It may be mounted only. Never throws for what is
 * wrong with the standby: that is the problem in the result.
 */
export async function askStandby(
  { signal }: Pick<World, "signal">,
  way: StandbyWay,
  dbid: string,
  wanted: readonly LogKey[],
): Promise<StandbyLook | StandbyProblem> {
  const { name: standby, host = HERE } = way.database;
  try {
    const { identity, ledger } = await inRoot({ ...way, signal }, readStandbyLogs);
    const problem = refused(identity, dbid);
    if (problem !== undefined) return { standby, problem };
    const keys = new Set(wanted.map(keyText));
    const rows = ledger.filter((row) => keys.has(keyText({ ...row, incarnation: row.resetlogsId })));
    return { standby, host, ledger, there: await seenThere(way, rows, signal) };
  } catch (error) {
    if (!isUmbraError(error) || signal.aborted) throw error;
    return { standby, problem: error.message };
  }
}

/** Why its logs are not those of the database. Another role than a standby's is none: who was primary may be one now. */
function refused({ name, dbid, role }: DatabaseIdentity, wanted: string): string | undefined {
  if (role === "LOGICAL STANDBY") return `${name} is a logical standby: its logs are its own`;
  if (dbid === wanted) return undefined;
  return `the database ${name} there has DBID ${dbid}, not ${wanted}: it is another database`;
}

async function seenThere(
  { host, database }: StandbyWay,
  rows: readonly StandbyLog[],
  signal: AbortSignal,
): Promise<ReadonlySet<FilePath>> {
  const there = new Set<FilePath>();
  await eachOf(rows, WIDTH, signal, async ({ path, blocks, blockSize }, stop) => {
    const options = { deadlineMs: database.deadlines.statementMs, signal: stop };
    const stat = await host.stat(path, options);
    if (stat?.kind === "file" && stat.bytes === (blocks + 1) * blockSize) there.add(path);
  });
  return there;
}
