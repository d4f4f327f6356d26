import { closeSync, copyFileSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

import { pathInView, type StorageAdapter } from "../../storage-adapters/contract.ts";
import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase, type Comparison } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import type { SnapshotBackupPlan } from "../../src/domain/plan.ts";
import { systemClock } from "../../src/adapters/clock.ts";
import type { Manifest, SnapshotManifest } from "../../src/domain/manifest.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Host } from "../../src/ports/host.ts";
import { execute } from "../../src/run/execute.ts";
import { coverageReport } from "../../src/run/coverage.ts";
import { planSnapshot } from "../../src/run/backup-snapshot.ts";
import { hurriedClock } from "../fakes/hurried-clock.ts";
import { listingStorage } from "../rigs/listing-storage.ts";
import { reflinkStorages } from "../rigs/reflink-storages.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";

export interface SnapshotLaw {
  /** A planner that is wrong. */
  readonly plan?: (plan: SnapshotBackupPlan) => SnapshotBackupPlan;
  /** A storage that is wrong; the workload can be driven. */
  readonly storage?: (storage: StorageAdapter, life: () => Promise<void>) => StorageAdapter;
  /** Without backup mode, on a storage that takes all files at one moment. */
  readonly snapshotTime?: boolean;
  /** Snapshots by the reflink adapter, with programs, instead of a storage in this process. */
  readonly reflink?: boolean;
  /** A restore that is wrong. */
  readonly manifest?: (manifest: SnapshotManifest) => SnapshotManifest;
}

interface Stage {
  workload?: Workload;
  rig?: SimulatedWorld;
  fileAdded: boolean;
}

/**
 * One seed of the law: a database under a seeded workload, which goes on while the storage takes its snapshots file after
 * file; then the files are taken out of the snapshots, and recovered to a seeded SCN that the manifest promises.
 */
export async function snapshotAgainstCommitted(seed: number, law: SnapshotLaw = {}): Promise<Comparison> {
  const chance = new Chance(seed);
  const cdb = chance.between(0, 3) === 0;
  const stage: Stage = { fileAdded: false };
  const life = () => lifeGoesOn(stage, chance);
  const changed = law.storage ?? ((storage: StorageAdapter) => storage);
  const clock = hurriedClock(systemClock);
  const picture = law.snapshotTime === true ? atOneMoment : law.reflink === true ? busy : piecemeal;
  await using rig = await simulatedWorld({
    database: {
      cdb,
      pdbs: cdb ? ["PDB1"] : [],
      totalBytes: cdb ? 5_000_000 : 2_000_000,
      logBytes: 262_144,
      seed: String(seed),
      blockSize: chance.between(0, 4) === 0 ? 16_384 : 8192,
      random: () => chance.next(),
      now: () => new Date(clock.now()),
    },
    whileCopying: life,
    change: (world) => ({
      ...world,
      clock,
      databaseHost: hostAt(clock, world.databaseHost),
      storages: storagesOf(dirname(dirname(world.state.path)), world.databaseHost, law, (storage) =>
        changed(picture(storage, life, stage), life),
      ),
    }),
  });
  const workload = await createWorkload({ instance: rig.instance, seed, tables: 2, initialRows: 8 });
  Object.assign(stage, { workload, rig });
  for (let i = chance.between(0, 30); i > 0; i -= 1) await workload.step();
  const directory = await taken(rig, law);
  for (let i = chance.between(0, 20); i > 0; i -= 1) await workload.step();
  const manifest = law.manifest?.(snapshotManifest(directory)) ?? snapshotManifest(directory);
  const minimum = BigInt(manifest.scns.minimumRecovery);
  const span = Number(BigInt(manifest.scns.recoverableTo) - minimum);
  // Above the last END BACKUP, or the moment of the snapshots; up to the end of the logs. The ends hide most mistakes.
  const scn = minimum + BigInt(chance.pick([0, chance.between(0, span), chance.between(0, span), span]));
  await requireClaimed(rig, manifest, scn);
  const copyOf = copiesOf(rig, manifest, law);
  await using restored = await restoredDatabase(
    { directory, manifest, copyOf },
    join(rig.directory, "restored"),
    scn,
  );
  return await compareWithDatabase(workload.history.stateAt(scn - 1n), instanceReader(restored.instance));
}

function storagesOf(
  directory: string,
  host: Host,
  { reflink = false }: SnapshotLaw,
  change: (storage: StorageAdapter) => StorageAdapter,
) {
  if (reflink) return reflinkStorages({ directory, host, change });
  return listingStorage(join(directory, "prod"), join(directory, "snapshots"), change).storages;
}

async function taken({ world }: SimulatedWorld, law: SnapshotLaw): Promise<string> {
  const planned = await planSnapshot(world, { snapshotTime: law.snapshotTime === true });
  if (!planned.ok) throw new Error(planned.refusals.map(({ seen }) => seen).join("; "));
  return (await execute(law.plan?.(planned.plan) ?? planned.plan, world)).directory;
}

/** What the manifest promises is what coverage says of this backup. */
async function requireClaimed({ world }: SimulatedWorld, { backup }: Manifest, scn: bigint): Promise<void> {
  const { coverage } = await coverageReport(world);
  const ways = coverage.flatMap((one) => one.ways).filter(({ source }) => source === backup);
  if (!ways.some(({ from, to }) => from <= scn && scn <= to)) throw new Error(`coverage denies SCN ${scn}`);
}

function snapshotManifest(directory: string): SnapshotManifest {
  const manifest = manifestOf(directory);
  if (manifest.kind !== "snapshot") throw new Error(`a manifest of kind ${manifest.kind}`);
  return manifest;
}

/** A host whose clock is the database's. */
function hostAt(clock: Clock, host: Host): Host {
  return {
    ...host,
    run: (argv, options) => host.run(argv[0] === "date" ? ["echo", String(clock.now())] : argv, options),
  };
}

/** Takes the files out of the snapshots, under the names that the manifest gives their copies. */
function copiesOf(
  { directory }: SimulatedWorld,
  manifest: SnapshotManifest,
  { reflink = false }: SnapshotLaw,
) {
  const out = new Map<number, string>();
  for (const { file, snapshot, inside, name } of manifest.datafiles) {
    const target = join(directory, "out", name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(directory, "snapshots", snapshot, reflink ? "files" : "", inside), target);
    out.set(file, target);
  }
  return (file: number) => out.get(file) ?? "";
}

/** Rows change while the files are read. */
function busy(storage: StorageAdapter, life: () => Promise<void>): StorageAdapter {
  return {
    ...storage,
    createSnapshot: async (request, limits) => {
      await life();
      // One step after the other: the workload is one session.
      const living = async () => {
        for (let i = 0; i < 3; i += 1) await life();
      };
      await Promise.all([storage.createSnapshot(request, limits), living()]);
      await life();
    },
  };
}

/** Two blocks and a half of the smaller ones: what is read is fractured here and there. */
const PIECE = 20_480;

/** The same in this process: the files are read one after the other and piece by piece. */
function piecemeal(storage: StorageAdapter, life: () => Promise<void>): StorageAdapter {
  return {
    ...storage,
    describe: async (volume, limits) => ({ ...(await storage.describe(volume, limits)), atomic: false }),
    createSnapshot: async (request, limits) => {
      await life();
      await storage.createSnapshot(request, limits);
      const viewOf = await storage.visibleAt(request.volume, limits);
      if (viewOf === undefined) throw new Error("the storage shows no snapshots");
      for (const located of await storage.locate(request.paths, limits)) {
        await readAgain(located.path, pathInView(viewOf(request.name), located), life);
      }
      await life();
    },
  };
}

async function readAgain(source: string, target: string, life: () => Promise<void>): Promise<void> {
  const piece = Buffer.alloc(PIECE);
  const [from, to] = [openSync(source, "r"), openSync(target, "r+")];
  try {
    for (let at = 0; ; at += PIECE) {
      const bytes = readSync(from, piece, 0, PIECE, at);
      if (bytes === 0) return;
      writeSync(to, piece, 0, bytes, at);
      if ((at / PIECE) % 16 === 15) await life();
    }
  } finally {
    for (const file of [from, to]) closeSync(file);
  }
}

/** What an array does: no write is half done in its picture, and what comes after it is not in it. */
function atOneMoment(
  storage: StorageAdapter,
  life: () => Promise<void>,
  stage: Pick<Stage, "rig">,
): StorageAdapter {
  return {
    ...storage,
    describe: async (volume, limits) => ({ ...(await storage.describe(volume, limits)), atomic: true }),
    createSnapshot: async (request, limits) => {
      await life();
      await stage.rig?.instance.suspend();
      await storage.createSnapshot(request, limits);
      await stage.rig?.instance.resume();
      await life();
    },
  };
}

/** Rows change, and now and then the database gets another file. */
async function lifeGoesOn(stage: Stage, chance: Chance): Promise<void> {
  for (let i = chance.between(0, 3); i > 0; i -= 1) await stage.workload?.step();
  if (stage.fileAdded || stage.rig === undefined || chance.between(0, 8) !== 0) return;
  stage.fileAdded = true;
  const { instance, directory } = stage.rig;
  const conId = instance.controlFile?.cdb === true ? 1 : 0;
  const path = join(directory, "prod", "oradata", "added.dbf");
  const file = { path, bytes: 262_144, reuse: false, autoextend: null };
  await instance.addFile(conId, "USERS", file, "DATAFILE");
}
