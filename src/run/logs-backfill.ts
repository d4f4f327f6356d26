import type { LogVerdict } from "../domain/log-report.ts";
import type { RunId } from "../domain/names.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { StandbyProblem } from "../domain/standby.ts";
import { type BackfillPlan, planBackfill } from "../plan/archive-backfill.ts";
import { liveLogs } from "../plan/archive-parameters.ts";
import type { BackfillFacts } from "../plan/standby-backfill.ts";
import { copyAll, type CopiedLog, type CopiedLogs } from "./backfill-copies.ts";
import { leftLogParts, removeLeftLogParts } from "./left-log-parts.ts";
import { LogsRecord } from "./logs-record.ts";
import { verifyLogs } from "./logs-verify.ts";
import { bringFailed, planFromStandbys } from "./standby-backfill.ts";
import type { World } from "./world.ts";

export type PlannedBackfill =
  | {
      readonly ok: true;
      readonly plan: BackfillPlan;
      readonly dbid: string;
      readonly facts: BackfillFacts;
      readonly standbys: readonly StandbyProblem[];
      readonly unreachable?: string;
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export type Backfilled =
  | {
      readonly ok: true;
      readonly plan: BackfillPlan;
      readonly copied: readonly CopiedLog[];
      /** Sources that were not what they should be; others were copied all the same. */
      readonly failed: readonly { readonly log: LogVerdict; readonly problem: string }[];
      /** Why standbys did not give what they should. */
      readonly standbys: readonly StandbyProblem[];
      /** Absent where nothing had to be done. */
      readonly run?: RunId;
      readonly unreachable?: string;
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * What `backfillLogs` would copy. Changes nothing. What the database has nowhere else is asked of its standbys; where the
 * database cannot be asked, that is everything that the files in the area show to be missing.
 */
export async function planLogsBackfill(
  world: World,
  options: { readonly deep?: boolean } = {},
): Promise<PlannedBackfill> {
  const looked = await verifyLogs(world, options);
  if (!looked.ok) return looked;
  const { report, files, look, dbid, unreachable } = looked;
  const directory = liveLogs(world.database.backupArea);
  const ledger = look?.ledger ?? [];
  const facts = { report, directory, ledger, taken: files.map(({ path }) => path) };
  const local = planBackfill(report, directory, files, ledger);
  const { plan, problems } = await planFromStandbys(world, local, facts, dbid);
  const told = unreachable === undefined ? {} : { unreachable };
  return { ok: true, plan, dbid, facts, standbys: problems, ...told };
}

/**
 * Copies what is missing into the area, each log proved by its blocks and its header. Never over a file that is there: a
 * damaged one goes only when its copy was proved. Safe beside backups. Errors: UMB-61xx of the storage, UMB-8001 while
 * others work on the logs; those of `verifyLogs`.
 */
export async function backfillLogs(
  world: World,
  options: { readonly deep?: boolean } = {},
): Promise<Backfilled> {
  const planned = await planLogsBackfill(world, options);
  if (!planned.ok) return planned;
  const { plan, unreachable } = planned;
  const told = unreachable === undefined ? {} : { unreachable };
  const parts = await leftLogParts(world);
  if (plan.copies.length === 0 && parts.length === 0) {
    return { ok: true, plan, copied: [], failed: [], standbys: planned.standbys, ...told };
  }
  const record = new LogsRecord(world, "logs-backfill");
  const result = await record.during(plan.copies.length, async () => {
    await removeLeftLogParts(world, record);
    // Somebody else may have copied until the lock was there.
    const again = await planLogsBackfill(world, options);
    return await bring(world, record, again.ok ? again : planned);
  });
  return { ok: true, plan, ...result, run: record.run, ...told };
}

/** With the lock held and the run open. What fails from one place is tried from the next that has it. */
async function bring(
  world: World,
  record: LogsRecord,
  { plan, dbid, facts, standbys }: Extract<PlannedBackfill, { ok: true }>,
): Promise<CopiedLogs & { readonly standbys: readonly StandbyProblem[] }> {
  const first = await copyAll(world, record, plan, dbid);
  const { problems, ...all } = await bringFailed(world, record, { done: first, facts, dbid });
  return { ...all, standbys: eachOnce([...standbys, ...problems]) };
}

/** One that was asked twice says the same twice. */
function eachOnce(problems: readonly StandbyProblem[]): readonly StandbyProblem[] {
  return [...new Map(problems.map((one) => [`${one.standby} ${one.problem}`, one])).values()];
}
