import { dirname, join } from "node:path";

import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import { createRman } from "../../src/adapters/rman/rman.ts";
import type { Rman } from "../../src/ports/rman.ts";
import { backupRefresh, baseline } from "../../src/run/backup-refresh.ts";
import { coverageReport } from "../../src/run/coverage.ts";
import type { World } from "../../src/run/world.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { shellInProcess } from "../rigs/shell-in-process.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";

const ROUNDS = 3;
const MEBIBYTE = 1_048_576;
const MOST_BYTES = 3_000_000;
const QUICK_BYTES = 1_000_000;
const MOST_STEPS = 60;

/** What was compared at each end of what coverage claims. */
export interface Outcome {
  readonly target: bigint;
  readonly rowsDifferent: number;
}

/**
 * A baseline and refreshes by RMAN under load, with files that come, grow and stand still between and during them; then
 * restores what coverage claims. `quick`: nothing waits for a clock or a shell, the load changes rows between two steps of
 * umbra, and one target is restored; else both ends.
 */
export async function refreshedByRman(
  seed: number,
  { quick }: { readonly quick: boolean },
): Promise<readonly Outcome[]> {
  const chance = new Chance(seed);
  const cdb = quick ? chance.between(0, 4) === 0 : seed % 2 === 0;
  const parallel = 1 + (seed % 3);
  await using rig = await simulatedWorld({
    database: {
      totalBytes: quick ? QUICK_BYTES : MOST_BYTES,
      ...(cdb ? { cdb, pdbs: ["PDB1"] } : {}),
      ...(quick ? { idle: soon, seed: String(seed), random: () => chance.next() } : {}),
    },
    config: { parallel, refresh: { engine: "rman", parallel } },
    change: (world) => (quick ? { ...world, rman: rmanInProcess(world) } : world),
  });
  const workload = await createWorkload({ instance: rig.instance, seed, tables: 1, initialRows: 6 });
  const underLoad = quick ? interleaved : atFullSpeed;
  await underLoad(workload, () => baseline(rig.world));
  for (let round = quick ? chance.between(0, ROUNDS - 1) : 0; round < ROUNDS; round += 1) {
    for (let i = 0; i < 15; i += 1) await workload.step();
    await change(rig, chance, cdb ? 3 : 0, round);
    await underLoad(workload, () => backupRefresh(rig.world));
  }
  const report = await coverageReport(rig.world);
  const way = report.coverage[0]?.ways.at(-1);
  if (way === undefined) throw new Error(`seed ${seed}: nothing can be restored`);
  const between = way.from + BigInt(chance.between(0, Number(way.to - way.from)));
  const targets = quick ? [chance.pick([way.from, between, way.to])] : [way.from, way.to];
  const outcomes: Outcome[] = [];
  for (const target of targets) outcomes.push(await restored(rig, workload, target));
  return outcomes;
}

function rmanInProcess({ clock, databaseHost, state }: World): Rman {
  const directory = dirname(dirname(state.path));
  const host = shellInProcess(databaseHost, directory);
  return createRman({ host, clock, oracleHome: join(directory, "home"), sid: "ORCL" });
}

function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function atFullSpeed(workload: Workload, run: () => ReturnType<typeof baseline>): Promise<void> {
  const stop = new AbortController();
  const load = workload.run({ signal: stop.signal, opsPerSecond: 400 });
  try {
    await done(run());
  } finally {
    stop.abort();
    await load;
  }
}

/** A row changes whenever umbra waits for something, up to a bound: how fast the machine is changes nothing. */
async function interleaved(workload: Workload, run: () => ReturnType<typeof baseline>): Promise<void> {
  const ended = new AbortController();
  const work = done(run()).finally(() => ended.abort());
  // It may fail before anybody waits for it.
  work.catch(() => {});
  for (let steps = 0; !ended.signal.aborted && steps < MOST_STEPS; steps += 1) {
    await workload.step();
    for (let turns = 0; !ended.signal.aborted && turns < 20; turns += 1) await soon();
  }
  await work;
}

async function done(run: ReturnType<typeof baseline>): Promise<void> {
  const outcome = await run;
  if (!outcome.ok) throw new Error(outcome.refusals.map(({ seen }) => seen).join("; "));
}

/** One change of the structure, by chance. */
async function change({ instance, directory }: SimulatedWorld, chance: Chance, conId: number, round: number) {
  const path = (name: string) => join(directory, "prod", `${name}${round}.dbf`);
  const file = (name: string) => ({ path: path(name), bytes: MEBIBYTE, reuse: false, autoextend: null });
  const own = instance.controlFile?.datafiles.filter((one) => one.conId === conId) ?? [];
  const users = own.at(-1);
  switch (Math.floor(chance.next() * 5)) {
    case 0:
      return await instance.addFile(conId, "USERS", file("added"), "DATAFILE");
    case 1:
      return await instance.createTablespace(conId, {
        name: `NEW${round}`,
        contents: "PERMANENT",
        bigfile: false,
        blockSize: 8192,
        files: [file("new")],
      });
    case 2:
      if (users !== undefined)
        await instance.resizeFile({ number: users.file }, (users.blocks + 64) * users.blockSize);
      return;
    case 3:
      if (users !== undefined) await instance.moveDatafile({ number: users.file }, path("moved"));
      return;
    default:
      return await instance.archiveLogCurrent();
  }
}

async function restored(rig: SimulatedWorld, workload: Workload, target: bigint): Promise<Outcome> {
  const directory = join(rig.world.database.backupArea, "live");
  const base = join(rig.directory, `restored-${target}`);
  await using copy = await restoredDatabase({ directory, manifest: manifestOf(directory) }, base, target);
  const expected = workload.history.stateAt(target - 1n);
  const { rowsDifferent } = await compareWithDatabase(expected, instanceReader(copy.instance));
  return { target, rowsDifferent };
}
