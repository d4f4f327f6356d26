import { readArchivedLogs } from "../../discover/archived-logs.ts";
import { readThreads } from "../../discover/threads.ts";
import type { ArchivedLogFacts } from "../../domain/facts.ts";
import { counted, formatDuration } from "../../domain/human.ts";
import type { ManifestLog } from "../../domain/manifest.ts";
import type { FilePath } from "../../domain/names.ts";
import { formatScn, scn, type Scn } from "../../domain/scn.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { chooseLogs } from "../../plan/log-set.ts";
import { eachOf } from "../each-of.ts";
import { logsInArea } from "../logs-in-area.ts";
import type { Handler, StepContext } from "../step-context.ts";
import { copyLog } from "./copy-logs.ts";

type CollectLogs = Parameters<Handler<"collect-logs">>[0];

const POLL_MS = 200;

/**
 * All redo since the area's logs ended comes into it, so that what it holds now and what it will hold leave no hole
 * between them (rule 87). Redo that is nowhere any more is told, and stops nothing: copies are rewritten without it.
 * What the new copies need was waited for, and is checked as a whole.
 */
export const collectLogs: Handler<"collect-logs"> = async (step, context) => {
  const { results } = context;
  const isLast = step.when === "after";
  if (!isLast) await waitForSwitched(step, context);
  const wanted = await wantedLogs(step, context);
  const missing = wanted.missing.filter(() => step.from !== undefined);
  const needed = new Set(isLast ? wanted.needed.map(keyOf) : []);
  const listed: ManifestLog[] = [];
  let copied = 0;
  await eachOf(wanted.logs, step.width, context.signal, async (log, stop) => {
    const isHere = log.path.startsWith(`${step.directory}/`);
    if (isHere && !needed.has(keyOf(log))) return;
    const written = isHere
      ? await checkedLog(log, step.directory, context, stop)
      : await copyLog(step.directory, log, context, stop);
    if (!isHere) copied += 1;
    if (needed.has(keyOf(log))) listed.push(written);
  });
  results.logs.push(...listed.toSorted((a, b) => a.thread - b.thread || a.sequence - b.sequence));
  if (missing.length > 0 && isLast) {
    results.notes.push(`redo since the last refresh is not to be had: ${missing.join(", ")} (rule 87)`);
  }
  const hole = missing.length === 0 ? "" : `; not to be had: ${missing.join(", ")}`;
  return { note: `${counted(copied, "archived log")} copied${hole}`, ...(hole === "" ? {} : { missing }) };
};

interface Wanted {
  readonly logs: readonly ArchivedLogFacts[];
  /** Where the chain is broken. */
  readonly missing: readonly string[];
  /** Those that the manifest lists. */
  readonly needed: readonly ArchivedLogFacts[];
}

/** One place for each log that is to be had: the area where it is there, whole. */
async function wantedLogs(step: CollectLogs, context: StepContext): Promise<Wanted> {
  const { results, plan } = context;
  const { resetlogsId } = plan.facts.identity;
  const toScn = step.when === "after" ? results.minimumRecovery : (results.switchedAt ?? scn(0));
  const { neededFrom } = results;
  const fromScn = step.from ?? neededFrom;
  const there = await archivedSince(fromScn < neededFrom ? fromScn : neededFrom, step, context);
  const byKey = new Map<string, ArchivedLogFacts>();
  for (const log of [...results.logSet, ...there]) {
    const known = byKey.get(keyOf(log));
    if (known === undefined || log.destination < known.destination) byKey.set(keyOf(log), log);
  }
  const logs = [...byKey.values()];
  const range = { threads: await threadsOf(context), resetlogsId, toScn };
  const { missing } = chooseLogs(logs, { ...range, fromScn });
  // Redo of copies that stayed as they are may be lost: they are no worse for it than before.
  const whole = chooseLogs(logs, { ...range, fromScn: neededFrom });
  return { logs, missing, needed: whole.missing.length === 0 ? whole.logs : results.logSet };
}

/** Usable logs that hold redo from there on, with those that the area has. */
async function archivedSince(
  fromScn: Scn,
  step: CollectLogs,
  context: StepContext,
): Promise<readonly ArchivedLogFacts[]> {
  const { sessions, statement, plan, world, hosts } = context;
  const { resetlogsScn, resetlogsId } = plan.facts.identity;
  const archived = await sessions.root((db) => readArchivedLogs(db, { resetlogsScn, fromScn }, statement));
  const usable = archived.filter(
    (log) =>
      log.archived &&
      !log.deleted &&
      log.status === "A" &&
      log.resetlogsId === resetlogsId &&
      !log.path.startsWith("+") &&
      !log.path.startsWith(`${step.directory}/`),
  );
  const there: ArchivedLogFacts[] = [];
  for (const log of usable) {
    if ((await world.databaseHost.stat(log.path, hosts))?.kind === "file") there.push(log);
  }
  const here = await logsInArea(context);
  return [...here.filter((log) => log.resetlogsId === resetlogsId && log.nextScn > fromScn), ...there];
}

async function threadsOf({ sessions, statement }: StepContext): Promise<readonly number[]> {
  const threads = await sessions.root((db) => readThreads(db, statement));
  return threads.filter((one) => one.enabled !== "DISABLED").map((one) => one.thread);
}

/** Until each thread's redo up to the switch is archived somewhere. A log that is lost is not waited for. */
async function waitForSwitched(step: CollectLogs, context: StepContext): Promise<void> {
  const { world, results, signal } = context;
  const until = world.clock.monotonicMs() + world.database.deadlines.archivedLogMs;
  const switchedAt = results.switchedAt ?? scn(0);
  for (;;) {
    const threads = await threadsOf(context);
    const there = await archivedSince(switchedAt, step, context);
    const late = threads.filter((thread) => !there.some((log) => log.thread === thread));
    if (late.length === 0) return;
    if (world.clock.monotonicMs() >= until) {
      const missing = late.map((thread) => `thread ${thread} from SCN ${formatScn(switchedAt)}`);
      throw new UmbraError("UMB-9004", {
        missing,
        waited: formatDuration(world.database.deadlines.archivedLogMs),
        rule: 45,
      });
    }
    await world.clock.sleep(POLL_MS, signal);
  }
}

/** A log that the archiver put into the area is read as a whole: the manifest vouches for it. */
async function checkedLog(
  log: ArchivedLogFacts,
  directory: FilePath,
  { world, plan }: StepContext,
  signal: AbortSignal,
): Promise<ManifestLog> {
  const { path, thread, sequence, resetlogsId, firstScn, nextScn, blockSize } = log;
  const stallMs = world.database.deadlines.copyStallMs;
  const found = await world.backupHost.verify({ path, mode: "redo", blockSize, signal, stallMs });
  const [damage] = found.damaged;
  if (damage !== undefined || found.problem !== undefined) {
    const problems = [found.problem ?? `block ${damage?.block}: ${damage?.verdict}`];
    throw new UmbraError("UMB-9003", { log: path, problems, rule: 94 });
  }
  return {
    name: `${directory.slice(plan.directory.length + 1)}/${path.slice(directory.length + 1)}`,
    bytes: found.bytes,
    sha256: found.sha256,
    thread,
    sequence,
    resetlogsId,
    firstScn: formatScn(firstScn),
    nextScn: formatScn(nextScn),
    blockSize,
  };
}

function keyOf({ thread, sequence, resetlogsId }: ArchivedLogFacts): string {
  return `${resetlogsId}/${thread}/${sequence}`;
}
