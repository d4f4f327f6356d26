import { createHash } from "node:crypto";

import type { AreaFile } from "../domain/archive.ts";
import type { RetentionConfig } from "../domain/fleet.ts";
import { liveId } from "../domain/journal.ts";
import type { LogDeletionInput, LogDeletionPlan, StoredLog } from "../domain/log-deletion.ts";
import type { LogMark, LogPruneReport, PrunedTo } from "../domain/log-prune.ts";
import type { FilePath } from "../domain/names.ts";
import type { Refusal } from "../domain/refusal.ts";
import { planLogDeletion } from "../plan/archive-deletion.ts";
import { liveLogs } from "../plan/archive-parameters.ts";
import { keyText } from "../plan/expected-logs.ts";
import { coverageChange } from "../retention/coverage-change.ts";
import { ProtectedTargets } from "../retention/protected-targets.ts";
import { redoOfCopies } from "../retention/redo-of-copies.ts";
import { refuseLoss, withoutLogs } from "../retention/without-logs.ts";
import { type CoverageGround, coverageGround } from "./coverage.ts";
import { knownMoments } from "./known-moments.ts";
import { readLogDirectory } from "./logs-area.ts";
import { isWhole, type WholeLog } from "./logs-pool.ts";
import { notSetUp } from "./logs-verify.ts";
import { keepersOfRedo, redoNeedsOfDatabase } from "./redo-needs.ts";
import { retentionObjects, seeSnapshots } from "./retention-objects.ts";
import { noPolicy, protectedSince } from "./retention-plan.ts";
import type { World } from "./world.ts";

/** What the application of a plan needs besides what people see. */
export interface PruneGround {
  readonly report: LogPruneReport;
  /** Ids of the holds and leases that the plan knew. */
  readonly known: readonly string[];
  /** Somebody's need is not known: then what was decided before waits too. */
  readonly isBlind: boolean;
}

export type LogPrunePlanned =
  | ({ readonly ok: true } & PruneGround)
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Which archived logs of the live area the policy and everybody who needs redo keep (rule 97), and which go. Changes nothing.
 * Refused with UMB-3161 without a policy, UMB-3147 without a log directory, UMB-3167 where more would be lost than the policy
 * gives up. Errors: as `coverageReport`.
 */
export async function planLogPrune(world: World): Promise<LogPrunePlanned> {
  const { database, state, clock, backupHost } = world;
  const { retention } = database;
  if (retention === undefined) return { ok: false, refusals: [noPolicy(database.name)] };
  const directory = liveLogs(database.backupArea);
  const known = state.logMarks.reasons(database.name);
  const marks = state.logMarks.list(database.name);
  const removing = marks.filter(({ removingAt }) => removingAt !== undefined);
  // The headers first: a log that comes later is in no plan.
  const headers = await state.logFiles.list(database.name, directory);
  const read = await readLogDirectory(world, backupHost, directory, headers);
  if (read === undefined) return { ok: false, refusals: [notSetUp(directory)] };
  const snapshots = await seeSnapshots(world);
  const ground = await coverageGround(world);
  const objects = await retentionObjects(world, ground, snapshots);
  const since = protectedSince(objects, clock.now(), retention.protectMs);
  const moments = await knownMoments(world, ground.input.incarnations, since);
  const targets = new ProtectedTargets(ground.input, moments, since);
  const dbid = dbidOf(world, ground, read);
  const copies = redoOfCopies({
    input: ground.input,
    live: liveId(database.name),
    protectedFrom: (incarnation) => targets.from(incarnation),
    keepers: keepersOfRedo(world, objects),
    isKnown: (id) => ground.manifests.has(id),
  });
  const { unreachable, ...asked } = await redoNeedsOfDatabase(world, dbid);
  const { logs, strange } = stored(read, dbid, removing);
  const input: LogDeletionInput = {
    logs,
    incarnations: ground.input.incarnations,
    needs: [...copies.needs, ...asked.needs],
    unknown: [...copies.unknown, ...asked.unknown],
  };
  const planned = planLogDeletion(input);
  const going = planned.verdicts.filter(({ goes }) => goes).map(({ log }) => log);
  const after = withoutLogs(ground.input, liveId(database.name), going);
  const refusals = refuseLoss(ground.input, after, targets);
  if (refusals.length > 0) return { ok: false, refusals };
  const report = {
    ...reported(world, { planned, marks, retention }),
    ...coverageChange(ground.input, after),
    directory,
    dbid,
    removing,
    strange,
    ...prunedToOf(input),
    ...(unreachable === undefined ? {} : { unreachable }),
  };
  return { ok: true, report, known, isBlind: input.unknown.length > 0 };
}

function dbidOf({ database }: World, { manifests }: CoverageGround, files: readonly AreaFile[]): string {
  const newest = [...manifests.values()].at(-1)?.identity.dbid;
  return database.dbid ?? newest ?? files.find((file) => file.kind === "log")?.dbid ?? "";
}

/** Whole logs of this database, and what is not recognised as one. */
function stored(
  files: readonly AreaFile[],
  dbid: string,
  removing: readonly LogMark[],
): { readonly logs: readonly StoredLog[]; readonly strange: readonly FilePath[] } {
  const going = new Set(removing.map(({ path }) => path));
  const logs: StoredLog[] = [];
  const strange: FilePath[] = [];
  for (const file of files) {
    if (going.has(file.path)) continue;
    if (file.kind === "log" && file.dbid === dbid && isWhole(file)) logs.push(storedLog(file));
    else strange.push(file.path);
  }
  return { logs, strange };
}

function storedLog({ incarnation, thread, sequence, firstScn, nextScn, path, bytes }: WholeLog): StoredLog {
  return { incarnation, thread, sequence, firstScn, nextScn, path, bytes };
}

interface Reporting {
  readonly planned: LogDeletionPlan;
  readonly marks: readonly LogMark[];
  readonly retention: RetentionConfig;
}

function reported(
  { database, clock }: World,
  { planned, marks, retention }: Reporting,
): Pick<LogPruneReport, "id" | "database" | "at" | "config" | "lines" | "bytes"> {
  const waiting = new Map(
    marks.filter(({ removingAt }) => removingAt === undefined).map((mark) => [mark.path, mark]),
  );
  const lines = planned.verdicts.map((verdict) => {
    const mark = waiting.get(verdict.log.path);
    const isOfIt = mark !== undefined && keyText(mark) === keyText(verdict.log);
    return isOfIt ? { ...verdict, mark } : verdict;
  });
  const going = planned.verdicts.filter(({ goes }) => goes);
  return {
    id: planId(
      going.map(({ log }) => log),
      retention,
    ),
    database: database.name,
    at: clock.now(),
    config: retention,
    lines,
    bytes: planned.bytes,
  };
}

/** As of retention: twelve digits. What stays is not in it: there is one more with each log switch. */
function planId(going: readonly StoredLog[], retention: RetentionConfig): string {
  const said = going.map(({ path, incarnation, thread, sequence }) => [path, incarnation, thread, sequence]);
  return createHash("sha256")
    .update(JSON.stringify([said, retention]))
    .digest("hex")
    .slice(0, 12);
}

/** Where the oldest need of all redo begins: what ends there is nowhere missed. */
function prunedToOf({ needs, unknown }: LogDeletionInput): { readonly prunedTo?: PrunedTo } {
  if (unknown.length > 0) return {};
  const whole = needs.filter((need) => need.kind === "source").filter((need) => need.to === undefined);
  const [oldest] = whole.toSorted(
    (a, b) => Number(a.incarnation) - Number(b.incarnation) || (a.from < b.from ? -1 : 1),
  );
  return oldest === undefined ? {} : { prunedTo: { incarnation: oldest.incarnation, scn: oldest.from } };
}
