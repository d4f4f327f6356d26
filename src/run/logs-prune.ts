import { instant } from "../domain/instant.ts";
import { counted } from "../domain/human.ts";
import type { LogMark, LogPruneReport, PrunedLogs } from "../domain/log-prune.ts";
import type { FilePath, RunId, StepId } from "../domain/names.ts";
import type { Refusal } from "../domain/refusal.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { logGroups, sequencesText } from "../plan/log-groups.ts";
import { failureText } from "./failure-words.ts";
import { planLogPrune, type PruneGround } from "./logs-prune-plan.ts";
import { LogsRecord } from "./logs-record.ts";
import { removeLogs } from "./logs-remove.ts";
import type { World } from "./world.ts";

/**
 * What may be newly marked to go: what the plan of this id says, or whatever the policy says now. Neither: nothing, and
 * only what was marked before goes on.
 */
export interface PruneOptions {
  readonly plan?: string;
  readonly byPolicy?: boolean;
  /** The caller has the database's lock. */
  readonly alone?: boolean;
}

export type LogsPruned =
  /** `run` is absent where nothing had to be done. */
  | {
      readonly ok: true;
      readonly report: LogPruneReport;
      readonly applied: PrunedLogs;
      readonly run?: RunId;
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Two phases, as of retention. Logs that the plan gives up are marked, and stay whole for the time of grace. What was marked
 * so long ago, and would be given up by the present plan too, is removed; what the present plan keeps is taken back. While
 * somebody's need is not known nothing new is decided. May be called again whenever it died.
 * Refused as `planLogPrune`, and with UMB-3168 where the plan is another one now. What could not be removed is a problem in
 * the result. Errors: UMB-8001 while a backup, or other work on the logs, is under way; those of `planLogPrune`.
 */
export async function pruneLogs(world: World, options: PruneOptions = {}): Promise<LogsPruned> {
  // Without the locks: mostly nothing is to be done, and then no backup has to wait, and nothing is in the journal.
  const first = await planLogPrune(world);
  if (!first.ok) return first;
  const refusals = refuseOther(first, options);
  if (refusals.length > 0) return { ok: false, refusals };
  if (isIdle(first, options)) return { ok: true, report: first.report, applied: nothing(world) };
  const record = new LogsRecord(world, "logs-prune");
  const going = first.report.lines.filter(({ goes }) => goes);
  const steps = 1 + logGroups(going, ({ log }) => log).length;
  const pruned = await record.during<LogsPruned>(steps, () => decidedAndRemoved(world, record, options), {
    failureOf: (result) => {
      const problems = result.ok ? result.applied.problems.map(({ problem }) => problem) : seenOf(result);
      return problems.length === 0 ? undefined : problems.join("; ");
    },
  });
  return pruned.ok ? { ...pruned, run: record.run } : pruned;
}

function seenOf({ refusals }: { readonly refusals: readonly Refusal[] }): readonly string[] {
  return refusals.map(({ seen }) => seen);
}

function refuseOther({ report }: PruneGround, { plan }: PruneOptions): readonly Refusal[] {
  if (plan === undefined || plan === report.id) return [];
  const seen = `plan ${plan} is not the present one, which is ${report.id}: logs, needs or the policy changed`;
  return [{ code: "UMB-3168", seen, todo: "look at the present plan with `umbra logs prune --plan`" }];
}

function isIdle({ report }: PruneGround, options: PruneOptions): boolean {
  const { lines, removing } = report;
  const isWanted = mayMark(options) && lines.some(({ goes }) => goes);
  return !isWanted && removing.length === 0 && lines.every(({ mark }) => mark === undefined);
}

function mayMark({ plan, byPolicy = false }: PruneOptions): boolean {
  return plan !== undefined || byPolicy;
}

function nothing({ state, database }: World): PrunedLogs {
  const waiting = state.logMarks.list(database.name).filter(({ removingAt }) => removingAt === undefined);
  return { marked: [], takenBack: [], removed: [], waiting, problems: [] };
}

type Decided = Pick<PrunedLogs, "marked" | "takenBack" | "problems">;

async function decidedAndRemoved(
  world: World,
  record: LogsRecord,
  options: PruneOptions,
): Promise<LogsPruned> {
  const { state, database, clock } = world;
  let report: LogPruneReport;
  let decided: Decided;
  {
    // No backup begins to rely on a log while it is decided that it goes.
    using _database =
      options.alone === true ? undefined : state.locks.take(database.name, record.run, clock.now());
    const planned = await planLogPrune(world);
    if (!planned.ok) return planned;
    const refusals = refuseOther(planned, options);
    if (refusals.length > 0) return { ok: false, refusals };
    ({ report } = planned);
    decided = await decide(world, record, planned, mayMark(options));
  }
  const claimed = state.logMarks
    .list(database.name)
    .filter(({ removingAt }) => removingAt !== undefined)
    .toSorted((a, b) => (a.nextScn < b.nextScn ? -1 : a.nextScn > b.nextScn ? 1 : a.thread - b.thread));
  const { removed, problems } = await removeAll(world, record, claimed);
  const all = [...decided.problems, ...problems];
  const { waiting } = nothing(world);
  return { ok: true, report, applied: { ...decided, removed, waiting, problems: all } };
}

/** All that is decided is in the state before anything is removed. */
async function decide(
  { state, database, clock }: World,
  record: LogsRecord,
  { report, known, isBlind }: PruneGround,
  marking: boolean,
): Promise<Decided> {
  const { lines, dbid, config, prunedTo, directory } = report;
  const now = clock.now();
  const removeFrom = instant(now + config.graceMs);
  if (isBlind) return { marked: [], takenBack: [], problems: [] };
  const staying = lines.flatMap(({ goes, mark }) => (goes || mark === undefined ? [] : [mark]));
  const others = vanished(state.logMarks.list(database.name), report);
  const back = new Set(
    state.logMarks.takeBack(
      database.name,
      [...staying, ...others].map(({ path }) => path),
    ),
  );
  const takenBack = staying.filter(({ path }) => back.has(path));
  const marked = lines
    .filter(({ goes, mark }) => goes && marking && mark === undefined)
    .map(({ log }): LogMark => {
      return { ...log, database: database.name, dbid, run: record.run, markedAt: now, removeFrom };
    });
  if (marked.length > 0) {
    await record.step(id("mark"), `mark ${counted(marked.length, "log")} to go`, () => {
      state.logMarks.put(marked);
      return Promise.resolve({});
    });
  }
  const going = [...lines.flatMap(({ goes, mark }) => (goes && mark !== undefined ? [mark] : [])), ...marked];
  const paths = going.filter((mark) => mark.removeFrom <= now).map(({ path }) => path);
  if (paths.length === 0 || prunedTo === undefined) return { marked, takenBack, problems: [] };
  const claimed = state.logMarks.claim({ database: database.name, paths, at: now, known, prunedTo });
  const problem = "somebody began to hold or use a backup while it was planned; nothing new is removed";
  return { marked, takenBack, problems: claimed === undefined ? [{ path: directory, problem }] : [] };
}

/** Marked, and not there any more, or not as it was: whatever lies there now is judged anew. */
function vanished(marks: readonly LogMark[], { lines }: LogPruneReport): readonly LogMark[] {
  const there = new Set(lines.flatMap(({ mark }) => mark?.path ?? []));
  return marks.filter(({ path, removingAt }) => removingAt === undefined && !there.has(path));
}

async function removeAll(
  world: World,
  record: LogsRecord,
  claimed: readonly LogMark[],
): Promise<Pick<PrunedLogs, "removed" | "problems">> {
  const { state, database, signal } = world;
  const removed: LogMark[] = [];
  const problems: { path: FilePath; problem: string }[] = [];
  for (const group of logGroups(claimed, (mark) => mark)) {
    signal.throwIfAborted();
    const [{ thread, incarnation, path }] = group;
    const sequences = sequencesText(group);
    const step = id(`remove:${thread}_${sequences}_${incarnation}`);
    const title = `remove thread ${thread} sequence ${sequences} of incarnation ${incarnation}`;
    try {
      await record.step(step, title, async () => {
        const done = await removeLogs(world, group);
        state.logMarks.removed(
          database.name,
          [...done.gone, ...done.spared].map((mark) => mark.path),
        );
        removed.push(...done.gone);
        problems.push(...done.problems);
        return { note: `${counted(done.gone.length, "file")} removed` };
      });
    } catch (error) {
      if (!isUmbraError(error) || signal.aborted) throw error;
      // The storage does not do what it should: neither would it with the next ones.
      problems.push({ path, problem: failureText(error) });
      break;
    }
  }
  return { removed, problems };
}

function id(text: string): StepId {
  return `logs:${text}` as StepId;
}
