import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { Chance } from "../../simulator/workload/chance.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import { areaLayout } from "../../src/plan/area-layout.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import { backupRefresh, baseline } from "../../src/run/backup-refresh.ts";
import { coverageReport } from "../../src/run/coverage.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { applyRetention } from "../../src/run/retention-apply.ts";
import { createSnapshot } from "../../src/run/snapshot-create.ts";
import type { World } from "../../src/run/world.ts";
import { createAreaSnapshots } from "../../storage-adapters/area-snapshots.ts";
import { faultyWorld } from "../fakes/faulty-world.ts";
import { DAY, HOUR, RETENTION } from "../rigs/kept-backups.ts";
import { listingStorage } from "../rigs/listing-storage.ts";
import { type LiveLogs, liveLogs } from "../rigs/live-logs.ts";
import { judgeClaims, type Judged } from "./coverage-claims.ts";
import { smallDatabase } from "./small-database.ts";

export interface CoverageVerdict extends Judged {
  readonly story: readonly string[];
}

interface Trial {
  readonly live: LiveLogs;
  readonly chance: Chance;
  readonly workload: Workload;
  readonly story: string[];
  readonly problems: string[];
}

/** About as many effects as each of these has, with databases so small. */
const EFFECTS = { refresh: 240, hot: 220, snapshot: 14, prune: 60 } as const;
type Run = keyof typeof EFFECTS;

const RUNS: { readonly [R in Run]: (world: World) => Promise<{ readonly ok: boolean }> } = {
  refresh: (world) => backupRefresh(world),
  hot: (world) => backupHot(world, { parallel: 1 }),
  snapshot: createSnapshot,
  prune: (world) => applyRetention(world, { byPolicy: true }),
};

/**
 * One seed of the law: a database under load with a live area that its archiver fills; refreshes, hot backups, snapshots,
 * retentions with their pruning of logs, each of which may die and is put right; logs and copies are lost. Then a target
 * that coverage claims is restored, and targets that it denies are tried.
 */
export async function coverageTrial(seed: number): Promise<CoverageVerdict> {
  const chance = new Chance(seed);
  const time = { ms: 0 };
  const { now, database } = smallDatabase({ seed, chance, time });
  const stage: { workload?: Workload } = {};
  await using live = await liveLogs({
    database: { ...database, idle: () => new Promise((resolve) => setImmediate(resolve)) },
    config: {
      refresh: {
        find: chance.pick(["compare", "hashes"]),
        snapshot: chance.pick(["none", "before", "both"]),
      },
      retention: {
        ...RETENTION,
        policy: { ...RETENTION.policy, keep: { daily: chance.between(1, 3) } },
        protectMs: chance.pick([0, DAY]),
        graceMs: chance.pick([0, HOUR]),
      },
    },
    change: (world) => ({ ...world, ...storedBeside(world), clock: { ...world.clock, now } }),
    whileCopying: async () => {
      if (chance.between(0, 5) === 0) await stage.workload?.step();
    },
  });
  const workload = await createWorkload({ instance: live.rig.instance, seed, tables: 1, initialRows: 4 });
  stage.workload = workload;
  const trial: Trial = { live, chance, workload, story: ["baseline"], problems: [] };
  const made = await baseline(live.world);
  if (!made.ok) throw new Error(made.refusals[0]?.seen);
  for (let left = chance.between(3, 6); left > 0; left -= 1) {
    time.ms += chance.pick([HOUR, DAY]);
    await worked(trial);
    await happens(trial);
  }
  for (let left = chance.between(0, 6); left > 0; left -= 1) await workload.step();
  const judged = await judgeClaims({ ...trial, report: await coverageReport(live.world) });
  return { ...judged, story: trial.story, problems: [...trial.problems, ...judged.problems] };
}

/** The area's storage, in this process. */
function storedBeside({ database: { name, backupArea } }: World): Pick<World, "storages" | "snapshots"> {
  const { storages } = listingStorage(backupArea, join(backupArea, "..", "snapshots"));
  const { directory } = areaLayout(backupArea);
  const open = (call: { readonly deadlineMs: number }) => storages.open("test", call);
  return { storages, snapshots: createAreaSnapshots({ open, database: name, directory }) };
}

async function worked({ chance, workload, live }: Trial): Promise<void> {
  for (let left = chance.between(0, 8); left > 0; left -= 1) await workload.step();
  for (let left = chance.between(0, 2); left > 0; left -= 1) {
    await live.switched();
    await workload.step();
  }
}

async function happens(trial: Trial): Promise<void> {
  const event = trial.chance.pick([
    "refresh",
    "refresh",
    "hot",
    "snapshot",
    "prune",
    "lose",
    "lose",
  ] as const);
  if (event === "lose") return await loseSomething(trial);
  const { chance, live, story, problems } = trial;
  const dies = chance.between(0, 3) === 0;
  const at = dies ? chance.between(1, EFFECTS[event]) : Infinity;
  const faulty = faultyWorld(live.world, { at, when: chance.pick(["before", "after"]), how: "dead" });
  const end = await RUNS[event](faulty.world).then(
    ({ ok }) => (ok ? "" : " refused"),
    (error: unknown) => {
      if (!dies) throw error;
      return " and die";
    },
  );
  story.push(`${event}${end}`);
  if (!dies) return;
  const outcome = await reconcile(live.world, { planOnly: false });
  if (!outcome.ok) problems.push(...outcome.refusals.map(({ seen }) => `reconcile: ${seen}`));
}

/** A log that lies somewhere, or a copy in a backup or snapshot. */
async function loseSomething({ live, chance, story }: Trial): Promise<void> {
  const { state, database } = live.world;
  const entries = await state.catalog.list(database.name);
  const own = areaLayout(database.backupArea).directory;
  const history = entries.filter(({ directory }) => directory !== own);
  const isCopy = history.length > 0 && chance.between(0, 5) === 0;
  const { directory } = chance.pick(isCopy ? history : entries);
  const folder = join(directory, isCopy ? "data" : "logs");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  story.push(`lose a ${isCopy ? "copy" : "log"} of ${directory.slice(-24)}`);
  if (names.length > 0) rmSync(join(folder, chance.pick(names)), { recursive: true });
}
