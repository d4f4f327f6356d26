import { join } from "node:path";

import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase, type Comparison } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import type { HotBackupOptions } from "../../src/domain/plan.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import type { World } from "../../src/run/world.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";

/** Seeds from the environment, so that a failure can be looked at alone: SEED=41 RUNS=1. */
export function seeds(runs: number): readonly number[] {
  const first = Number(process.env["SEED"] ?? 1);
  const count = Number(process.env["RUNS"] ?? runs);
  return Array.from({ length: count }, (_, index) => first + index);
}

export interface LawOptions {
  readonly mode: NonNullable<HotBackupOptions["mode"]>;
  /** Takes the backup; a planted fault takes it wrongly. Gives the backup's directory. */
  readonly take?: (world: World, options: HotBackupOptions) => Promise<string>;
}

/**
 * One seed of the law: a database under a seeded workload, a hot backup of it while rows change and files come and
 * grow, then restore and recovery to a seeded SCN that the manifest promises. The comparison must be without difference.
 */
export async function restoredAgainstCommitted(seed: number, options: LawOptions): Promise<Comparison> {
  const chance = new Chance(seed);
  const cdb = chance.between(0, 3) === 0;
  const stage: { workload?: Workload; rig?: SimulatedWorld; fileAdded: boolean } = { fileAdded: false };
  await using rig = await simulatedWorld({
    database: {
      cdb,
      pdbs: cdb ? ["PDB1"] : [],
      totalBytes: cdb ? 12_000_000 : 3_000_000,
      logBytes: 262_144,
      seed: String(seed),
      blockSize: chance.between(0, 4) === 0 ? 16_384 : 8192,
      random: () => chance.next(),
    },
    whileCopying: () => lifeGoesOn(stage, chance),
  });
  const workload = await createWorkload({ instance: rig.instance, seed, tables: 2, initialRows: 8 });
  Object.assign(stage, { workload, rig });
  for (let i = chance.between(0, 30); i > 0; i -= 1) await workload.step();
  const take = options.take ?? takeBackup;
  const directory = await take(rig.world, { mode: options.mode, parallel: chance.between(1, 3) });
  for (let i = chance.between(0, 20); i > 0; i -= 1) await workload.step();
  const manifest = manifestOf(directory);
  const scn = chosenScn(chance, BigInt(manifest.scns.minimumRecovery), BigInt(manifest.scns.recoverableTo));
  await using restored = await restoredDatabase(
    { directory, manifest },
    join(rig.directory, "restored"),
    scn,
  );
  // UNTIL CHANGE n leaves what was committed before n.
  return await compareWithDatabase(workload.history.stateAt(scn - 1n), instanceReader(restored.instance));
}

async function takeBackup(world: World, options: HotBackupOptions): Promise<string> {
  const made = await backupHot(world, options);
  if (!made.ok) throw new Error(made.refusals.map((refusal) => refusal.seen).join("; "));
  return made.backup.directory;
}

/** Between two chunks of a copy: rows change, and now and then the database gets another file. */
async function lifeGoesOn(
  stage: { readonly workload?: Workload; readonly rig?: SimulatedWorld; fileAdded: boolean },
  chance: Chance,
): Promise<void> {
  for (let i = chance.between(0, 3); i > 0; i -= 1) await stage.workload?.step();
  if (stage.fileAdded || stage.rig === undefined || chance.between(0, 60) !== 0) return;
  stage.fileAdded = true;
  const { instance, directory } = stage.rig;
  const conId = instance.controlFile?.cdb === true ? 1 : 0;
  const path = join(directory, "prod", "oradata", "added.dbf");
  const file = { path, bytes: 262_144, reuse: false, autoextend: null };
  await instance.addFile(conId, "USERS", file, "DATAFILE");
}

/** Above the last END BACKUP, up to the end of the logs. */
function chosenScn(chance: Chance, minimum: bigint, end: bigint): bigint {
  const span = Number(end - minimum);
  return minimum + 1n + BigInt(chance.between(0, Math.max(0, span - 1)));
}
