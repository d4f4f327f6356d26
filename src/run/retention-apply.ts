import { instant } from "../domain/instant.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { AppliedRetention, RetentionLine, RetentionReport } from "../domain/retention-report.ts";
import type { Tombstone } from "../domain/retention.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { aside, type AsideRun } from "./aside-record.ts";
import { messageOf } from "./failure-words.ts";
import { releaseExpiredHolds } from "./holds.ts";
import { pruneAfter } from "./logs-prune-after.ts";
import { mark, unmark } from "./mark-object.ts";
import { removeObject } from "./remove-object.ts";
import { adoptSnapshots } from "./rebuild-catalog.ts";
import { planRetentionOf } from "./retention-plan.ts";
import { type RetentionGround, thinHeartbeats } from "./thin-heartbeats.ts";
import type { World } from "./world.ts";

/**
 * What may be newly marked to go: what the plan of this id says, or whatever the policy says now. Neither: nothing, and
 * only what was marked before goes on.
 */
export interface ApplyOptions {
  readonly plan?: string;
  readonly byPolicy?: boolean;
  /** The caller has the database's lock. */
  readonly alone?: boolean;
}

export type RetentionApplied =
  | { readonly ok: true; readonly report: RetentionReport; readonly applied: AppliedRetention }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Two phases. What the plan gives up is marked, and stays whole for the time of grace. What was marked so long ago, and
 * would be given up by the present plan too, is removed; what the present plan keeps is taken back. May be called again
 * whenever it died. No plan is decided while a backup is made; files are removed beside it. Archived logs of the live area
 * come last: by policy those that the policy gives up, else only what was marked before; then heartbeats are thinned.
 * Refused with UMB-3161 without a policy, UMB-3162 where the plan is another one now. What could not be removed is a
 * problem in the result. Errors: UMB-8001 while a backup or another retention is at work; those of `planRetentionOf`.
 */
export async function applyRetention(world: World, options: ApplyOptions = {}): Promise<RetentionApplied> {
  return await aside(world, "retention", (run) => applied(world, run, options), {
    alone: options.alone ?? false,
    failureOf: (result) => {
      const problems = result.ok
        ? result.applied.problems
        : result.refusals.map(({ seen }) => ({ problem: seen }));
      return problems.length === 0 ? undefined : problems.map(({ problem }) => problem).join("; ");
    },
  });
}

interface Decided {
  readonly marked: readonly Tombstone[];
  readonly takenBack: AppliedRetention["takenBack"];
  /** Their removal has begun. */
  readonly claimed: readonly Tombstone[];
}

async function applied(world: World, run: AsideRun, options: ApplyOptions): Promise<RetentionApplied> {
  const { state, database } = world;
  const released = await releaseExpiredHolds(world);
  const decided = await run.alone(() => planAndDecide(world, run, options));
  if (!decided.ok) return decided;
  const { report, marked, takenBack, claimed } = decided;
  const { removed, left, problems } = await remove(world, [...report.removing, ...claimed]);
  const waiting = state.tombstones.list(database.name).filter(({ removingAt }) => removingAt === undefined);
  const { byPolicy = false, alone = false } = options;
  const pruned = await pruneAfter(world, { byPolicy, alone });
  const thinned = await thinAfter(world, decided);
  const done = {
    marked,
    takenBack,
    removed,
    waiting,
    left,
    thinned: thinned.gone,
    problems: [...released, ...problems, ...pruned.problems, ...thinned.problems],
    ...(pruned.logs === undefined ? {} : { logs: pruned.logs }),
  };
  for (const { object, problem } of done.problems) {
    const warning = {
      seen: `${object}: ${problem}`,
      todo: "the next `umbra retention apply` tries it again",
    };
    world.reporter.event({ kind: "warning", at: world.clock.now(), run: run.run, warning });
  }
  return { ok: true, report, applied: done };
}

async function planAndDecide(
  world: World,
  run: AsideRun,
  options: ApplyOptions,
): Promise<
  | ({ readonly ok: true } & RetentionGround & Decided)
  | { readonly ok: false; readonly refusals: readonly Refusal[] }
> {
  const { plan, byPolicy = false } = options;
  const mayMark = plan !== undefined || byPolicy;
  await adopted(world, run);
  const planned = await planRetentionOf(world, { withoutPolicy: !mayMark });
  if (!planned.ok) return planned;
  const { report, ground } = planned;
  if (plan !== undefined && plan !== report.id) return { ok: false, refusals: [otherPlan(plan, report.id)] };
  return { ok: true, report, ground, ...(await decide(world, run, report, mayMark)) };
}

/** What the retention did is done, whatever becomes of the heartbeats. */
async function thinAfter(
  world: World,
  ground: RetentionGround,
): Promise<{ readonly gone: number; readonly problems: AppliedRetention["problems"] }> {
  try {
    return { gone: await thinHeartbeats(world, ground), problems: [] };
  } catch (error) {
    if (!isUmbraError(error) || world.signal.aborted) throw error;
    return { gone: 0, problems: [{ object: "heartbeats", problem: messageOf(error) }] };
  }
}

const STRAY_TODO =
  "nothing is restored from it, and retention never removes it: look into it, and delete it with its storage's commands";

/** A storage that cannot be asked keeps what is on it. */
async function adopted(world: World, { run }: AsideRun): Promise<void> {
  const { reporter, clock } = world;
  try {
    for (const { path, problem } of await adoptSnapshots(world)) {
      const warning = { seen: `${path} does not come into the catalog: ${problem}`, todo: STRAY_TODO };
      reporter.event({ kind: "warning", at: clock.now(), run, warning });
    }
  } catch (error) {
    if (!isUmbraError(error) || world.signal.aborted) throw error;
  }
}

/** All that is decided, is in the state before anything is removed. */
async function decide(
  world: World,
  { run }: AsideRun,
  report: RetentionReport,
  mayMark: boolean,
): Promise<Decided> {
  const { state, clock } = world;
  const marked: Tombstone[] = [];
  const takenBack: { object: string; why: string }[] = [];
  const claimed: Tombstone[] = [];
  // The newest first: what has copies in an older one goes before that.
  for (const line of report.lines.toReversed()) {
    const { object: entry, tombstone } = line;
    if (line.stays) {
      if (tombstone === undefined || !state.tombstones.takeBack(entry.id)) continue;
      await unmark(world, tombstone);
      takenBack.push({ object: entry.id, why: line.why[0] ?? "" });
      continue;
    }
    const fresh =
      tombstone === undefined && mayMark ? tombstoneFor(line, report, { run, now: clock.now() }) : undefined;
    if (fresh !== undefined) {
      state.tombstones.put(fresh);
      marked.push(fresh);
    }
    const going = tombstone ?? fresh;
    if (going === undefined) continue;
    // Written again where umbra died between the state and it.
    await mark(world, going);
    const now = clock.now();
    if (going.removeFrom > now || isNeeded(entry.id, report, claimed)) continue;
    if (state.tombstones.claim(entry.id, now)) claimed.push(going);
  }
  return { marked: marked.toReversed(), takenBack: takenBack.toReversed(), claimed };
}

/** One that waits may still be kept after all, and then needs its copies. */
function isNeeded(id: string, { lines }: RetentionReport, claimed: readonly Tombstone[]): boolean {
  const users = lines.filter(({ needs }) => needs.includes(id)).map(({ object }) => object.id);
  return users.some((user) => claimed.every(({ object }) => object !== user));
}

function tombstoneFor(
  { object: entry, why }: RetentionLine,
  { database, config }: RetentionReport,
  { run, now }: Pick<Tombstone, "run"> & { readonly now: Tombstone["markedAt"] },
): Tombstone {
  const times = { markedAt: now, removeFrom: instant(now + config.graceMs) };
  return { object: entry.id, database, run, decidedBy: "policy", why, entry, ...times };
}

async function remove(
  world: World,
  claimed: readonly Tombstone[],
): Promise<Pick<AppliedRetention, "removed" | "left" | "problems">> {
  const removed: string[] = [];
  const left: string[] = [];
  const problems: { object: string; problem: string }[] = [];
  for (const tombstone of claimed) {
    world.signal.throwIfAborted();
    try {
      left.push(...(await removeObject(world, tombstone)).left);
      world.state.tombstones.removed(tombstone.object, world.clock.now());
      removed.push(tombstone.object);
    } catch (error) {
      if (world.signal.aborted) throw error;
      problems.push({ object: tombstone.object, problem: messageOf(error) });
    }
  }
  return { removed: removed.toReversed(), left, problems };
}

function otherPlan(asked: string, now: string): Refusal {
  const seen = `plan ${asked} is not the present one, which is ${now}: backups, holds or the policy changed`;
  return { code: "UMB-3162", seen, todo: "look at the present plan with `umbra retention plan`" };
}
