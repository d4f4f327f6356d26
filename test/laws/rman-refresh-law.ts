import { join } from "node:path";

import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import { backupRefresh, baseline } from "../../src/run/backup-refresh.ts";
import { coverageReport } from "../../src/run/coverage.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";

const ROUNDS = 3;
const MEBIBYTE = 1_048_576;

/** What was compared at each end of what coverage claims. */
export interface Outcome {
  readonly target: bigint;
  readonly rowsDifferent: number;
}

/**
 * A baseline and refreshes by RMAN under load, with files that come, grow and stand still between and during them; then
 * restores at both ends of what coverage claims.
 */
export async function refreshedByRman(seed: number): Promise<readonly Outcome[]> {
  const chance = new Chance(seed);
  const cdb = seed % 2 === 0;
  await using rig = await simulatedWorld({
    database: { totalBytes: 3_000_000, ...(cdb ? { cdb, pdbs: ["PDB1"] } : {}) },
    config: { parallel: 1 + (seed % 3), refresh: { engine: "rman", parallel: 1 + (seed % 3) } },
  });
  const workload = await createWorkload({ instance: rig.instance, seed, tables: 1, initialRows: 6 });
  await underLoad(workload, () => baseline(rig.world));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let i = 0; i < 15; i += 1) await workload.step();
    await change(rig, chance, cdb ? 3 : 0, round);
    await underLoad(workload, () => backupRefresh(rig.world));
  }
  const report = await coverageReport(rig.world);
  const way = report.coverage[0]?.ways.at(-1);
  if (way === undefined) throw new Error(`seed ${seed}: nothing can be restored`);
  const outcomes: Outcome[] = [];
  for (const target of [way.from, way.to]) outcomes.push(await restored(rig, workload, target));
  return outcomes;
}

async function underLoad(workload: Workload, run: () => ReturnType<typeof baseline>): Promise<void> {
  const stop = new AbortController();
  const load = workload.run({ signal: stop.signal, opsPerSecond: 400 });
  try {
    const outcome = await run();
    if (!outcome.ok) throw new Error(outcome.refusals.map(({ seen }) => seen).join("; "));
  } finally {
    stop.abort();
    await load;
  }
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
