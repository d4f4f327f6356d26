import type { StandbyProblem } from "../domain/standby.ts";
import type { BackfillPlan } from "../plan/archive-backfill.ts";
import { addFromStandby, type BackfillFacts } from "../plan/standby-backfill.ts";
import { copyAll, type CopiedLog, type CopiedLogs } from "./backfill-copies.ts";
import type { LogsRecord } from "./logs-record.ts";
import { askStandby } from "./standby-look.ts";
import type { StandbyWay } from "./standby-way.ts";
import type { World } from "./world.ts";

interface FromStandbys {
  readonly plan: BackfillPlan;
  readonly problems: readonly StandbyProblem[];
}

/** Asks the standbys, in their order, for what a plan leaves, as long as it leaves something. */
export async function planFromStandbys(
  world: World,
  local: BackfillPlan,
  facts: BackfillFacts,
  dbid: string,
): Promise<FromStandbys> {
  let plan = local;
  const problems: StandbyProblem[] = [];
  for (const way of world.standbys ?? []) {
    const added = await planFromOne(world, way, plan, { facts, dbid });
    plan = added.plan;
    problems.push(...added.problems);
  }
  return { plan, problems };
}

async function planFromOne(
  world: World,
  way: StandbyWay,
  plan: BackfillPlan,
  { facts, dbid }: { readonly facts: BackfillFacts; readonly dbid: string },
): Promise<FromStandbys> {
  // Whose logs they should be must be known, or nothing proves them.
  if (plan.left.length === 0 || dbid === "") return { plan, problems: [] };
  const answer = await askStandby(world, way, dbid, plan.left);
  if ("problem" in answer) return { plan, problems: [answer] };
  return addFromStandby(plan, answer, facts);
}

/** What failed from one place, from the standbys behind it. With the lock held and the run open. */
export async function bringFailed(
  world: World,
  record: LogsRecord,
  what: { readonly done: CopiedLogs; readonly facts: BackfillFacts; readonly dbid: string },
): Promise<CopiedLogs & { readonly problems: readonly StandbyProblem[] }> {
  const { standbys = [] } = world;
  const copied: CopiedLog[] = [...what.done.copied];
  const problems: StandbyProblem[] = [];
  let { failed } = what.done;
  for (const [index, way] of standbys.entries()) {
    const isOpen = ({ standby }: (typeof failed)[number]) =>
      standbys.findIndex(({ database }) => database.name === standby) < index;
    const left = failed.filter(isOpen).map(({ log }) => log);
    const added = await planFromOne(world, way, { copies: [], left, bytes: 0 }, what);
    problems.push(...added.problems);
    const done = await copyAll(world, record, added.plan, what.dbid);
    const tried = new Set(added.plan.copies.map(({ log }) => log));
    copied.push(...done.copied);
    failed = [...failed.filter(({ log }) => !tried.has(log)), ...done.failed];
  }
  return { copied, failed, problems };
}
