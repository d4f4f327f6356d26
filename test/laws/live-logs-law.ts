import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";

import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import type { IncarnationCoverage } from "../../src/domain/coverage.ts";
import { instant } from "../../src/domain/instant.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import { coverageReport } from "../../src/run/coverage.ts";
import { backfillLogs } from "../../src/run/logs-backfill.ts";
import { guardLogs } from "../../src/run/logs-guard.ts";
import { pruneLogs } from "../../src/run/logs-prune.ts";
import { undoLogPrune } from "../../src/run/logs-prune-undo.ts";
import { verifyLogs } from "../../src/run/logs-verify.ts";
import { Died, dyingWorld } from "../fakes/dying-world.ts";
import { DAY, HOUR, RETENTION } from "../rigs/kept-backups.ts";
import { type LiveLogs, liveLogs } from "../rigs/live-logs.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { smallDatabase } from "./small-database.ts";

const ROUNDS = 3;
/** Longer than the day of one round, and shorter than two. */
const PROTECTED_MS = 1.6 * DAY;
const FAILS = { code: 19_504, text: "failed to create file" };

export interface LogsVerdict {
  readonly story: readonly string[];
  /** Empty where the law holds. */
  readonly problems: readonly string[];
  readonly removed: number;
  readonly rowsCompared: number;
}

interface Trial {
  readonly live: LiveLogs;
  readonly chance: Chance;
  readonly workload: Workload;
  /** So far both clocks are ahead. */
  readonly time: { ms: number };
  readonly protectMs: number;
  readonly backups: string[];
  /** When the database was at which SCN, as the law saw it. */
  readonly moments: { readonly at: number; readonly scn: bigint }[];
  readonly problems: string[];
  readonly removed: string[];
}

/** What happens to an area while umbra guards it. Production itself archives to another destination all the time. */
const events = {
  fails: async ({ live }: Trial) => void live.faults.set(10, FAILS),
  works: async ({ live }: Trial) => live.faults.clear(),
  guard: async ({ live }: Trial) => void (await guardLogs(live.world)),
  backfill: async ({ live }: Trial) => void (await backfillLogs(live.world, { deep: true })),
  remove: async (trial: Trial) => onFile(trial, (path) => rmSync(path)),
  truncate: async (trial: Trial) => onFile(trial, (path) => truncateSync(path, 700)),
  "set the clock back": async ({ time }: Trial) => void (time.ms -= HOUR),
  lose: async (trial: Trial) => lost(trial),
  undo: async ({ live }: Trial) => void (await undoLogPrune(live.world)),
  hold: held,
} as const;

/**
 * One seed of the law: whatever happens to the area, in the end every log that somebody needs is there and nothing is
 * owed. No pruning, dead or alive, costs a copy its moment, a hold its redo, or a protected target; nothing that went is
 * missed; and what coverage claims then is restored to exactly what was committed.
 */
export async function logsTrial(seed: number): Promise<LogsVerdict> {
  const chance = new Chance(seed);
  const time = { ms: 0 };
  const { now, database } = smallDatabase({ seed, chance, time });
  const protectMs = chance.pick([0, PROTECTED_MS]);
  await using live = await liveLogs({
    database,
    config: {
      logs: { guard: "defer" },
      retention: { ...RETENTION, protectMs, graceMs: chance.pick([0, HOUR]) },
    },
    change: (world) => ({ ...world, clock: { ...world.clock, now } }),
  });
  const workload = await createWorkload({ instance: live.rig.instance, seed, tables: 1, initialRows: 4 });
  const lists = { backups: [], moments: [], problems: [], removed: [] };
  const trial: Trial = { live, chance, workload, time, protectMs, ...lists };
  const story: string[] = [];
  for (let left = ROUNDS; left > 0; left -= 1) story.push(...(await round(trial)));
  await settles(trial);
  const rowsCompared = await restores(trial);
  return { story, problems: trial.problems, removed: trial.removed.length, rowsCompared };
}

/** A day: perhaps a backup, logs, trouble, and a pruning. */
async function round(trial: Trial): Promise<readonly string[]> {
  const { chance, time, live, moments } = trial;
  const story: string[] = [];
  moments.push({ at: live.world.clock.now(), scn: live.rig.instance.currentScn() });
  const isBackedUp = trial.backups.length === 0 || chance.between(0, 1) === 0;
  if (isBackedUp) await backedUp(trial);
  story.push(isBackedUp ? "backup" : "no backup");
  for (let left = chance.between(1, 3); left > 0; left -= 1) {
    if (chance.between(0, 1) === 0) await switched(trial);
    const event = chance.pick(Object.keys(events) as (keyof typeof events)[]);
    story.push(event);
    await events[event](trial);
  }
  await switched(trial);
  time.ms += DAY;
  const isDying = chance.between(0, 2) === 0;
  await (isDying ? prunesAndDies(trial) : prunes(trial));
  return [...story, isDying ? "prune and die" : "prune"];
}

async function switched({ live, workload }: Trial): Promise<void> {
  await workload.step();
  await live.switched();
}

function onFile({ live, chance }: Trial, act: (path: string) => void): void {
  const names = live.names();
  if (names.length > 0) act(join(live.directory, chance.pick(names)));
}

async function backedUp({ live, workload, backups }: Trial): Promise<void> {
  await workload.step();
  const made = await backupHot(live.world, { parallel: 1 });
  if (made.ok) backups.push(made.backup.directory);
}

/** A log that lies beside a backup: then it needs the one in the area. */
function lost({ backups, chance }: Trial): void {
  const folder = join(chance.pick(backups), "logs");
  const names = readdirSync(folder);
  if (names.length > 0) rmSync(join(folder, chance.pick(names)));
}

async function held({ live: { world }, chance }: Trial): Promise<void> {
  const entries = await world.state.catalog.list(world.database.name);
  if (entries.length === 0) return;
  const addedAt = world.clock.now();
  const hold = { id: `hold-${addedAt}`, object: chance.pick(entries).id, reason: "audit", owner: "ann" };
  world.state.holds.add({
    ...hold,
    database: world.database.name,
    addedAt,
    expiresAt: instant(addedAt + 3 * DAY),
  });
}

/** What is claimed before is the plan's own; nothing is to be compared where nothing went. */
async function prunes(trial: Trial): Promise<void> {
  const { live, problems } = trial;
  const done = await pruneLogs(live.world, { byPolicy: true });
  problems.push(...(done.ok ? done.applied.problems : done.refusals).map((one) => JSON.stringify(one)));
  if (!done.ok || done.applied.removed.length === 0) return;
  trial.removed.push(...done.applied.removed.map(({ path }) => path));
  await compares(trial, await claims(trial, done.report.before));
}

async function prunesAndDies(trial: Trial): Promise<void> {
  const { live, chance } = trial;
  const before = await claims(trial, (await coverageReport(live.world)).coverage);
  const death = { at: chance.between(1, 14), when: chance.pick(["before", "after"] as const) };
  try {
    await pruneLogs(dyingWorld(live.world, death).world, { byPolicy: true });
  } catch (error) {
    if (!(error instanceof Died)) throw error;
  }
  await compares(trial, before);
}

async function compares(trial: Trial, before: readonly string[]): Promise<void> {
  const after = await claims(trial, (await coverageReport(trial.live.world)).coverage);
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    trial.problems.push(`pruning changed ${JSON.stringify(before)} into ${JSON.stringify(after)}`);
  }
}

/** The first target of each copy, how far one goes that is held, and what is covered of the protected time. */
async function claims(
  { live: { world }, moments, protectMs }: Trial,
  coverage: readonly IncarnationCoverage[],
): Promise<readonly string[]> {
  const entries = await world.state.catalog.list(world.database.name);
  const now = world.clock.now();
  const holds = world.state.holds.list(world.database.name).filter(({ expiresAt = 0 }) => expiresAt > now);
  const isHeld = (source: string) => holds.some(({ object }) => object === source);
  const since = Math.max(...entries.map(({ finishedAt }) => finishedAt)) - protectMs;
  // Clocks that were set back leave some doubt.
  const young = moments.filter(({ at }) => at > since + DAY / 3).map(({ scn }) => scn);
  const from = young.reduce<bigint | undefined>(
    (least, one) => (least === undefined || one < least ? one : least),
    undefined,
  );
  return coverage.flatMap(({ covered, ways }) => [
    ...ways.map((way) => `${way.source} from ${way.from}${isHeld(way.source) ? ` to ${way.to}` : ""}`),
    `to ${covered.at(-1)?.to}`,
    ...covered
      .filter((one) => from !== undefined && one.to >= from)
      .map((one) => `protected ${from !== undefined && one.from < from ? from : one.from} to ${one.to}`),
  ]);
}

async function settles({ live, problems, removed }: Trial): Promise<void> {
  const { world } = live;
  live.faults.clear();
  // One that defers what failed last, one that brings it back.
  for (let left = 2; left > 0; left -= 1) await guardLogs(world);
  await backfillLogs(world, { deep: true });
  await live.switched();
  const looked = await verifyLogs(world, { deep: true });
  const owed = (await world.state.logDestinations.find(world.database.name))?.deferred;
  const logs = looked.ok ? looked.report.logs : [];
  if (!looked.ok) problems.push("refused");
  problems.push(
    ...logs.filter((log) => log.class !== "good").map((log) => `${log.sequence} is ${log.class}`),
  );
  problems.push(...removed.filter((path) => existsSync(path)).map((path) => `${path} came back`));
  if (owed !== undefined) problems.push("an ENABLE is owed");
}

/** Any target of any way; the number of rows that were compared. */
async function restores({ live, chance, workload, backups, problems }: Trial): Promise<number> {
  const { coverage } = await coverageReport(live.world);
  const ways = coverage.flatMap((one) => one.ways);
  if (ways.length === 0) return 0;
  const { source, from, to } = chance.pick(ways);
  const target = chance.pick([from, to, from + BigInt(chance.between(0, Number(to - from)))]);
  const directory = backups.find((one) => manifestOf(one).backup === source) ?? "";
  const logs = join(live.rig.directory, "all-logs");
  mkdirSync(logs);
  for (const place of [live.directory, ...backups.map((one) => join(one, "logs"))]) {
    for (const name of readdirSync(place)) copyFileSync(join(place, name), join(logs, name));
  }
  const base = join(live.rig.directory, "restored");
  await using restored = await restoredDatabase(
    { directory, manifest: manifestOf(directory), logs },
    base,
    target,
  );
  const expected = workload.history.stateAt(target - 1n);
  const found = await compareWithDatabase(expected, instanceReader(restored.instance));
  if (found.rowsDifferent > 0) problems.push(`${found.rowsDifferent} rows of ${source} at ${target} differ`);
  return found.rowsCompared;
}
