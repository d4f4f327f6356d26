import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import type { CoverageHole, IncarnationCoverage, ScnInterval } from "../../src/domain/coverage.ts";
import { createRman } from "../../src/adapters/rman/rman.ts";
import { backupRefresh, baseline } from "../../src/run/backup-refresh.ts";
import { coverageReport } from "../../src/run/coverage.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import type { Host } from "../../src/ports/host.ts";
import type { World } from "../../src/run/world.ts";
import { areaLayout } from "../../src/plan/area-layout.ts";
import { faultyWorld } from "../fakes/faulty-world.ts";
import type { RefreshFind } from "../../src/domain/fleet.ts";
import type { StorageAdapter } from "../../storage-adapters/contract.ts";
import { listingStorage } from "../rigs/listing-storage.ts";
import { copiedAreaSnapshots } from "../rigs/copied-area-snapshots.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { shellInProcess } from "../rigs/shell-in-process.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";
import { changeStructure } from "./structure-changes.ts";

export interface RefreshLawOptions {
  /** A world with a planted fault. */
  readonly change?: (world: World) => World;
  /** Nobody dies, nothing changes while copies are made, and the live area is restored as it was left. */
  readonly quiet?: true;
  /** By chance unless told. */
  readonly find?: RefreshFind;
  /** What the database's storage does otherwise. */
  readonly storage?: (storage: StorageAdapter) => StorageAdapter;
}

export interface RefreshVerdict {
  readonly deaths: number;
  readonly rowsCompared: number;
  /** Empty where the law holds. */
  readonly problems: readonly string[];
}

/** About as many effects as one run of these small databases has. */
const MOST_EFFECTS = 260;
const MOST_CHUNKS = 120;
/** Where the database's storage keeps its snapshots. */
const MOMENTS = "moments";

/**
 * One seed of the law: a database under load, whose files come, go, grow, move and are made read only, is brought into the
 * live area and forward several times, and umbra dies here and there. After each death the next refresh makes everything
 * good without a full copy; what coverage claims is restored to exactly what was committed, what it denies is not.
 */
export async function refreshTrial(seed: number, options: RefreshLawOptions = {}): Promise<RefreshVerdict> {
  const chance = new Chance(seed);
  const stage: Stage = { chunksLeft: Infinity };
  const problems: string[] = [];
  await using rig = await trialWorld(seed, { chance, stage, problems }, options);
  const workload = await createWorkload({ instance: rig.instance, seed, tables: 1, initialRows: 4 });
  stage.workload = workload;
  const quiet = options.quiet === true;
  const trial: Trial = { quiet, rig, stage, chance, workload, problems, deaths: 0 };
  await brought(trial, "baseline");
  for (let rounds = chance.between(1, 3); rounds > 0; rounds -= 1) {
    for (let i = chance.between(0, 15); i > 0; i -= 1) await workload.step();
    // READ ONLY waits for open transactions, and nobody else would commit them.
    await workload.settle();
    for (let i = chance.between(0, 3); i > 0; i -= 1) await changeStructure(rig, chance);
    for (let i = chance.between(0, 4); i > 0; i -= 1) await workload.step();
    if (chance.between(0, 2) === 0) await rig.instance.switchLogfile();
    const isLast = rounds === 1;
    await brought(trial, "refresh", isLast && chance.between(0, 2) === 0);
  }
  for (let i = chance.between(0, 8); i > 0; i -= 1) await workload.step();
  problems.push(...doubtsOf(rig));
  const rowsCompared = await judge(trial);
  return { deaths: trial.deaths, rowsCompared, problems };
}

/** A small database that is brought forward by chance's engine, on a storage that lists changes. */
async function trialWorld(
  seed: number,
  { chance, stage, problems }: Pick<Trial, "chance" | "stage" | "problems">,
  { change, find, quiet, storage }: RefreshLawOptions,
): Promise<SimulatedWorld> {
  const cdb = chance.between(0, 3) === 0;
  return await simulatedWorld({
    database: {
      cdb,
      pdbs: cdb ? ["PDB1"] : [],
      totalBytes: cdb ? 5_000_000 : 2_000_000,
      logBytes: 131_072,
      seed: String(seed),
      random: () => chance.next(),
      idle: () => new Promise((resolve) => setImmediate(resolve)),
    },
    config: {
      parallel: 1,
      refresh: {
        engine: chance.between(0, 4) === 0 && find === undefined ? "rman" : "blocks",
        find: find ?? chance.pick(["compare", "hashes", "list"]),
        snapshot: chance.pick(["none", "before", "both"]),
      },
    },
    change: (plain) => {
      const { backupArea } = plain.database;
      const directory = join(backupArea, "../..");
      const snapshots = copiedAreaSnapshots(backupArea, join(backupArea, "../snapshots"));
      const { storages } = listingStorage(join(directory, "prod"), join(directory, MOMENTS), storage);
      const databaseHost = shellInProcess(plain.databaseHost, directory);
      const world = { ...plain, databaseHost, snapshots, storages };
      return watched({ ...world, ...change?.(world) }, problems);
    },
    whileCopying: () => (quiet === true ? Promise.resolve() : meanwhile(stage, chance)),
  });
}

/** No list of an honest storage is doubted. */
function doubtsOf({ events }: SimulatedWorld): readonly string[] {
  return events.flatMap((event) => {
    const isDoubt = event.kind === "warning" && event.warning.seen.includes("its copy was compared whole");
    return isDoubt ? [event.warning.seen] : [];
  });
}

interface Stage {
  workload?: Workload;
  /** Chunks of copies until umbra dies. */
  chunksLeft: number;
  die?: () => void;
}

interface Trial {
  readonly rig: SimulatedWorld;
  readonly stage: Stage;
  readonly chance: Chance;
  readonly workload: Workload;
  readonly problems: string[];
  deaths: number;
  readonly quiet: boolean;
}

/** Between two chunks of a copy: rows change, or umbra dies. */
async function meanwhile(stage: Stage, chance: Chance): Promise<void> {
  stage.chunksLeft -= 1;
  if (stage.chunksLeft <= 0) {
    stage.die?.();
    throw new Error("dead");
  }
  if (chance.between(0, 2) === 0) await stage.workload?.step();
}

/** Runs it, and where it died: reconcile, and again, until it was done. */
async function brought(trial: Trial, kind: "baseline" | "refresh", staysDead = false): Promise<void> {
  const { rig, chance, quiet } = trial;
  const { state, database } = rig.world;
  for (let deaths = quiet ? 0 : chance.between(0, 2); ; deaths -= 1) {
    if (await ended(trial, kind, deaths > 0)) return judgeKept(trial);
    trial.deaths += 1;
    await putRight(trial);
    const asked = (await state.snapshotObligations.pending(database.name)).flatMap((one) =>
      one.kind === "delete-snapshots" ? one.snapshots : [],
    );
    // They are looked for again, in case that the storage takes them late.
    if (asked.some(({ name }) => keptBy(trial.rig).includes(name)))
      trial.problems.push("reconcile left snapshots that were asked for");
    if ((await state.journal.openRuns(database.name)).length > 0)
      trial.problems.push("reconcile left a run open");
    const isMade = (await state.catalog.list()).some((one) => one.dirty === undefined);
    if (staysDead || (kind === "baseline" && isMade)) return;
  }
}

/** One run, which may die: around an effect, or in the middle of a copy. False where it did. */
async function ended(trial: Trial, kind: "baseline" | "refresh", mayDie: boolean): Promise<boolean> {
  const { rig, chance, stage, problems } = trial;
  const inChunk = mayDie && chance.between(0, 1) === 0;
  const at = mayDie && !inChunk ? chance.between(1, MOST_EFFECTS) : Infinity;
  const faulty = faultyWorld(rig.world, { at, when: chance.pick(["before", "after"]), how: "dead" });
  // Each of its programs is an effect too.
  const { databaseHost: host, clock } = faulty.world;
  const rman = createRman({ host, clock, oracleHome: join(rig.directory, "home"), sid: "ORCL" });
  const world = { ...faulty.world, rman };
  stage.die = faulty.die;
  stage.chunksLeft = inChunk ? chance.between(1, MOST_CHUNKS) : Infinity;
  try {
    const made = await (kind === "baseline" ? baseline : backupRefresh)(world);
    if (!made.ok) problems.push(...made.refusals.map((one) => `${kind} was refused: ${one.seen}`));
    return true;
  } catch (error) {
    if (!mayDie) throw error;
    return false;
  } finally {
    stage.chunksLeft = Infinity;
  }
}

/** Snapshots of the database's storage. */
function keptBy({ directory }: SimulatedWorld): readonly string[] {
  const place = join(directory, MOMENTS);
  return existsSync(place) ? readdirSync(place) : [];
}

/** After a run nothing is kept on the database's storage but what the manifest needs. */
function judgeKept({ rig, problems }: Trial): void {
  const live = areaLayout(rig.world.database.backupArea).directory;
  if (!existsSync(join(live, "manifest.json"))) return;
  const named = areaManifest(rig).datafiles.map(({ changesFrom }) => changesFrom?.snapshot);
  const strays = keptBy(rig).filter((name) => !named.includes(name));
  if (strays.length > 0) problems.push(`nobody needs ${strays.join(", ")}`);
}

/** Whoever takes a snapshot while copies are rewritten must be able to know what it is worth. */
function watched(world: World, problems: string[]): World {
  const { databaseHost: host, database } = world;
  const refresh = host.refresh?.bind(host);
  if (refresh === undefined) throw new Error("the host cannot bring copies forward");
  const { directory } = areaLayout(database.backupArea);
  const databaseHost: Host = {
    ...host,
    refresh: async (request) => {
      const manifest = manifestOf(directory);
      const name = request.target.slice(directory.length + 1);
      const copy = manifest.datafiles.find((one) => one.name === name);
      const dirty = manifest.kind === "refreshed" ? manifest.dirty : [];
      if (!dirty.some((one) => one.file === copy?.file)) problems.push(`${name} is rewritten and not marked`);
      return await refresh(request);
    },
  };
  return { ...world, databaseHost };
}

function areaManifest({ world }: SimulatedWorld) {
  const manifest = manifestOf(areaLayout(world.database.backupArea).directory);
  if (manifest.kind !== "refreshed") throw new Error(`it is ${manifest.kind}`);
  return manifest;
}

async function putRight({ rig, problems }: Trial): Promise<void> {
  const outcome = await reconcile(rig.world, { planOnly: false });
  if (!outcome.ok) problems.push(...outcome.refusals.map((one) => `reconcile: ${one.seen}`));
  const files = rig.instance.controlFile?.datafiles ?? [];
  const active = files.filter((file) => rig.instance.backupMode(file).status === "ACTIVE");
  if (active.length > 0)
    problems.push(`datafile ${active.map((one) => one.file).join(", ")} is in backup mode`);
}

/** One target that coverage claims and one that it denies. The number of rows that were compared. */
async function judge(trial: Trial): Promise<number> {
  const { rig, chance, workload, problems } = trial;
  const report = await coverageReport(rig.world);
  const coverage = report.coverage.find((one) => one.incarnation === report.current.incarnation);
  if (coverage === undefined || coverage.ways.length === 0) {
    if (areaManifest(rig).dirty.length > 0) return 1;
    problems.push(`nothing can be restored: ${JSON.stringify(coverage?.holes[0]?.reason, textual)}`);
    return 0;
  }
  const inner = coverage.holes.filter((hole) => !canBeFilled(hole));
  if (inner.some((hole) => coverage.covered.some((one) => one.from < hole.from)))
    problems.push(`there is a hole: ${JSON.stringify(inner, textual)}`);
  const restore = await restorer(rig);
  let rows = 0;
  const live = coverage.ways.filter((one) => one.source.endsWith(":live"));
  const way = chance.pick(trial.quiet && live.length > 0 ? live : coverage.ways);
  const target = trial.quiet ? way.from : oneOf(way, chance);
  {
    await using restored = await restore(way.source, target);
    const expected = workload.history.stateAt(target - 1n);
    const found = await compareWithDatabase(expected, instanceReader(restored.instance));
    rows += found.rowsCompared;
    if (found.rowsDifferent > 0)
      problems.push(`${way.source} to ${target} differs: ${JSON.stringify(found.differences[0], textual)}`);
  }
  await judgeDenied(coverage, restore, problems);
  return rows;
}

/** By the next switch, or by the next refresh. */
function canBeFilled({ reason }: CoverageHole): boolean {
  return (
    reason.kind === "not-archived-yet" || (reason.kind === "log-missing" && reason.foundIn !== undefined)
  );
}

/** What is newer than the redo is not restored from anything. */
async function judgeDenied(
  { holes, ways }: IncarnationCoverage,
  restore: Restore,
  problems: string[],
): Promise<void> {
  const target = holes.at(-1)?.to;
  const source = ways.at(-1)?.source;
  if (target === undefined || source === undefined || holes.at(-1)?.reason.kind === "no-copy") return;
  const succeeded = await restore(source, target).then(
    async (restored) => {
      await restored[Symbol.asyncDispose]();
      return true;
    },
    () => false,
  );
  if (succeeded) problems.push(`${source} to ${target} is denied and was restored`);
}

type Restore = Awaited<ReturnType<typeof restorer>>;

/** Copies of one source with the logs of all of them, as coverage combines them. */
async function restorer(rig: SimulatedWorld) {
  const entries = await rig.world.state.catalog.list();
  const logs = join(rig.directory, "all-logs");
  mkdirSync(logs);
  for (const { directory } of entries) {
    for (const name of readdirSync(join(directory, "logs")))
      copyFileSync(join(directory, "logs", name), join(logs, name));
  }
  let count = 0;
  return async (id: string, target: bigint) => {
    const entry = entries.find((one) => one.id === id);
    if (entry === undefined) throw new Error(`no backup ${id}`);
    count += 1;
    const { directory } = entry;
    const base = join(rig.directory, `restored-${count}`);
    return await restoredDatabase({ directory, manifest: manifestOf(directory), logs }, base, target);
  };
}

/** Both ends count as much as all between them: they are where mistakes of one hide. */
function oneOf({ from, to }: ScnInterval, chance: Chance): bigint {
  const where = chance.between(0, 3);
  if (where === 0) return from;
  if (where === 1) return to;
  return from + BigInt(chance.between(0, Number(to - from)));
}

function textual(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
