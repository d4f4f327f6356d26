import type { LogVerdict } from "../domain/log-report.ts";
import type { FilePath, RunId } from "../domain/names.ts";
import type { Refusal } from "../domain/refusal.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { archivedLogProblems, readArchivedLogHeader } from "../formats/archived-log-header.ts";
import {
  type BackfillCopy,
  type BackfillPlan,
  bytesOf,
  copyId,
  copyTitle,
  planBackfill,
} from "../plan/archive-backfill.ts";
import { liveLogs } from "../plan/archive-parameters.ts";
import { failureText } from "./failure-words.ts";
import { LogsRecord, type LogsStepOutcome } from "./logs-record.ts";
import { verifyLogs } from "./logs-verify.ts";
import type { World } from "./world.ts";

export type PlannedBackfill =
  | { readonly ok: true; readonly plan: BackfillPlan; readonly dbid: string; readonly unreachable?: string }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export type Backfilled =
  | {
      readonly ok: true;
      readonly plan: BackfillPlan;
      readonly copied: readonly LogVerdict[];
      /** Sources that were not what they should be; others were copied all the same. */
      readonly failed: readonly { readonly log: LogVerdict; readonly problem: string }[];
      /** Absent where nothing had to be done. */
      readonly run?: RunId;
      readonly unreachable?: string;
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** What `backfillLogs` would copy. Changes nothing. Without the database nobody knows what there is elsewhere. */
export async function planLogsBackfill(
  world: World,
  options: { readonly deep?: boolean } = {},
): Promise<PlannedBackfill> {
  const looked = await verifyLogs(world, options);
  if (!looked.ok) return looked;
  const { report, files, look, unreachable } = looked;
  const directory = liveLogs(world.database.backupArea);
  return {
    ok: true,
    plan: planBackfill(report, directory, files, look?.ledger ?? []),
    dbid: look?.dbid ?? "",
    ...(unreachable === undefined ? {} : { unreachable }),
  };
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
  const { plan, dbid, unreachable } = planned;
  const told = unreachable === undefined ? {} : { unreachable };
  if (plan.copies.length === 0) return { ok: true, plan, copied: [], failed: [], ...told };
  const record = new LogsRecord(world, "logs-backfill");
  const result = await record.during(plan.copies.length, async () => {
    // Somebody else may have copied until the lock was there.
    const again = await planLogsBackfill(world, options);
    return await copyAll(world, record, again.ok ? again.plan : plan, dbid);
  });
  return { ok: true, plan, ...result, run: record.run, ...told };
}

/** With the lock held and the run open. */
export async function copyAll(
  world: World,
  record: LogsRecord,
  plan: BackfillPlan,
  dbid: string,
): Promise<Pick<Extract<Backfilled, { ok: true }>, "copied" | "failed">> {
  const copied: LogVerdict[] = [];
  const failed: { log: LogVerdict; problem: string }[] = [];
  let done = 0;
  for (const copy of plan.copies) {
    world.signal.throwIfAborted();
    const id = copyId(copy.log);
    try {
      await record.step(id, copyTitle(copy), () => copyOne(world, copy, dbid));
      copied.push(copy.log);
    } catch (error) {
      if (!isOfOneLog(error) || world.signal.aborted) throw error;
      failed.push({ log: copy.log, problem: failureText(error) });
    }
    done += bytesOf(copy);
    record.progress(id, done, plan.bytes);
  }
  return { copied, failed };
}

/** What is wrong with one source says nothing about the next; a full or hanging storage does. */
function isOfOneLog(error: unknown): boolean {
  return isUmbraError(error) && (error.code.startsWith("UMB-9") || error.code.startsWith("UMB-71"));
}

async function copyOne(world: World, copy: BackfillCopy, dbid: string): Promise<LogsStepOutcome> {
  const { source, target, blockSize, blocks, damaged } = copy;
  const host = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  const head = await world.databaseHost.read(source, { offset: 0, length: 2 * blockSize }, host);
  prove(source, head, copy, dbid);
  const stallMs = world.database.deadlines.copyStallMs;
  const request = { source, target, mode: "redo", blockSize, expectedBlocks: blocks } as const;
  const result = await world.databaseHost.copy({ ...request, signal: world.signal, stallMs });
  try {
    prove(target, result.head, copy, dbid, result.bytes);
  } catch (error) {
    await world.databaseHost.remove(target, host);
    throw error;
  }
  if (damaged === undefined) return {};
  await world.backupHost.remove(damaged, host);
  return { note: `${damaged} was removed` };
}

/** That it is this log, and nothing else (rules 94, 95). */
function prove(
  path: FilePath,
  head: Buffer,
  { log, firstScn, nextScn, blocks, blockSize }: BackfillCopy,
  dbid: string,
  bytes = bytesOf({ blocks, blockSize }),
): void {
  const { thread, sequence, incarnation: resetlogsId } = log;
  const parsed = readArchivedLogHeader(head);
  const expected = { fileBytes: bytes, dbid, thread, sequence, resetlogsId, firstScn, nextScn };
  const problems = parsed.ok ? archivedLogProblems(parsed.value, expected) : [parsed.reason];
  if (problems.length > 0) throw new UmbraError("UMB-9003", { log: path, problems, rule: 94 });
}
