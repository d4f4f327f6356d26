import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import type { IncarnationCoverage, ScnInterval } from "../../src/domain/coverage.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import { coverageReport } from "../../src/run/coverage.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";

export interface CoverageTrial {
  readonly coverage: IncarnationCoverage;
  /** Restores one covered target by a way that coverage named; the number of rows that differ, and were compared. */
  readonly restoreCovered: () => Promise<{ readonly rows: number; readonly different: number }>;
  /** Tries a target of a hole from every backup: what succeeded although coverage denies it. */
  readonly restoreDenied: () => Promise<readonly string[]>;
}

/** A database under load, several hot backups of it, a log or a copy lost here and there, and what coverage says then. */
export async function coverageTrial(
  seed: number,
  judge: (trial: CoverageTrial) => Promise<void>,
): Promise<void> {
  const chance = new Chance(seed);
  const stage: { workload?: Workload } = {};
  await using rig = await simulatedWorld({
    database: {
      totalBytes: 2_000_000,
      logBytes: 131_072,
      seed: String(seed),
      random: () => chance.next(),
    },
    whileCopying: async () => {
      if (chance.between(0, 3) === 0) await stage.workload?.step();
    },
  });
  const workload = await createWorkload({ instance: rig.instance, seed, tables: 1, initialRows: 4 });
  stage.workload = workload;
  const directories = await takeBackups(rig, workload, chance);
  loseSomething(directories, chance);
  const report = await coverageReport(rig.world);
  const coverage = report.coverage.find((one) => one.incarnation === report.current.incarnation);
  if (coverage === undefined) throw new Error("the current incarnation has no coverage");
  const restore = restorer(rig, directories);
  await judge({
    coverage,
    restoreCovered: async () => {
      const way = chance.pick(coverage.ways);
      const target = oneOf(way, chance);
      await using restored = await restore(way.source, target);
      const expected = workload.history.stateAt(target - 1n);
      const found = await compareWithDatabase(expected, instanceReader(restored.instance));
      return { rows: found.rowsCompared, different: found.rowsDifferent };
    },
    restoreDenied: async () => {
      const targets = coverage.holes.flatMap((hole) => surelyDenied(hole, directories));
      if (targets.length === 0) return [];
      const target = chance.pick(targets);
      const succeeded: string[] = [];
      for (const directory of directories) {
        const id = manifestOf(directory).backup;
        const outcome = await restore(id, target).then(
          async (restored) => {
            await restored[Symbol.asyncDispose]();
            return true;
          },
          () => false,
        );
        if (outcome) succeeded.push(`${id} to ${target}`);
      }
      return succeeded;
    },
  });
}

async function takeBackups(
  rig: SimulatedWorld,
  workload: Workload,
  chance: Chance,
): Promise<readonly string[]> {
  const directories: string[] = [];
  for (let count = chance.between(2, 3); count > 0; count -= 1) {
    for (let i = chance.between(0, 25); i > 0; i -= 1) await workload.step();
    // Redo that no backup holds.
    for (let i = chance.between(0, 2); i > 0; i -= 1) {
      await rig.instance.switchLogfile();
      await workload.step();
    }
    const made = await backupHot(rig.world, { parallel: 1 });
    if (!made.ok) throw new Error(made.refusals.map((one) => one.seen).join("; "));
    directories.push(made.backup.directory);
  }
  for (let i = chance.between(0, 10); i > 0; i -= 1) await workload.step();
  return directories;
}

/** A log of any backup, or a copy, or nothing. */
function loseSomething(directories: readonly string[], chance: Chance): void {
  for (let count = chance.between(0, 2); count > 0; count -= 1) {
    const folder = join(chance.pick(directories), chance.between(0, 5) === 0 ? "data" : "logs");
    const names = readdirSync(folder);
    if (names.length > 0) rmSync(join(folder, chance.pick(names)));
  }
}

/** Both ends count as much as all between them: they are where mistakes of one hide. */
function oneOf({ from, to }: ScnInterval, chance: Chance): bigint {
  const where = chance.between(0, 3);
  if (where === 0) return from;
  if (where === 1) return to;
  return from + BigInt(chance.between(0, Number(to - from)));
}

/**
 * Both ends of a hole and its middle, but not what lies between the first BEGIN and the noted end of a backup: the SCN of
 * the last END is read a moment after it, so coverage may deny a few targets there that could be restored.
 */
function surelyDenied({ from, to }: ScnInterval, directories: readonly string[]): readonly bigint[] {
  const during = directories
    .map((one) => manifestOf(one).scns)
    .map((one) => ({ begin: BigInt(one.neededFrom), end: BigInt(one.minimumRecovery) }));
  return [from, (from + to) / 2n, to].filter(
    (target) => !during.some(({ begin, end }) => begin < target && target < end),
  );
}

/** Copies of one backup with the logs of all of them, as coverage combines them. */
function restorer(rig: SimulatedWorld, directories: readonly string[]) {
  const logs = join(rig.directory, "all-logs");
  mkdirSync(logs);
  for (const directory of directories) {
    for (const name of readdirSync(join(directory, "logs")))
      copyFileSync(join(directory, "logs", name), join(logs, name));
  }
  let count = 0;
  return async (id: string, target: bigint) => {
    const directory = directories.find((one) => manifestOf(one).backup === id);
    if (directory === undefined) throw new Error(`no backup ${id}`);
    count += 1;
    const base = join(rig.directory, `restored-${count}`);
    return await restoredDatabase({ directory, manifest: manifestOf(directory), logs }, base, target);
  };
}
