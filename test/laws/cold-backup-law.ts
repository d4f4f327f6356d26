import { join } from "node:path";

import type { TablespaceSpec } from "../../simulator/instance/api.ts";
import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase, type Comparison } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import type { ColdBackupOptions, ColdMode } from "../../src/domain/plan.ts";
import { backupCold } from "../../src/run/backup-cold.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import type { World } from "../../src/run/world.ts";
import { copiedPictures } from "../rigs/copied-pictures.ts";
import { openWithLogs, openWithoutLogs, restoredCold } from "../rigs/restored-cold.ts";
import { closedFiles, coldManifestOf } from "../rigs/restored-cold-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";

export interface ColdLawOptions {
  /** Takes the backup; a planted fault takes it wrongly. Gives the backup's directory. */
  readonly take?: (rig: SimulatedWorld, options: ColdBackupOptions) => Promise<string>;
  /** Instead of the seed's. */
  readonly mode?: ColdMode;
}

export interface ColdVerdict {
  readonly mode: string;
  readonly rowsCompared: number;
  /** Empty where the law holds. */
  readonly problems: readonly string[];
}

const MODES = ["plain", "pre-copy", "snapshot"] as const;

/**
 * One seed of the law: a database under a seeded workload, with read-only and offline files and closed containers, is
 * backed up cold. The restored copies must open without recovery and hold what was committed at the shutdown; the
 * database must be as it was, owe nothing, and go on.
 */
export async function coldBackupKeeps(seed: number, options: ColdLawOptions = {}): Promise<ColdVerdict> {
  const chance = new Chance(seed);
  const mode = options.mode ?? MODES[seed % MODES.length] ?? "plain";
  const cdb = chance.between(0, 2) === 0;
  const archivelog = chance.between(0, 2) > 0;
  const stage: { workload?: Workload } = {};
  const live = async () => {
    if (rig.instance.openMode === "READ WRITE")
      for (let i = chance.between(0, 2); i > 0; i -= 1) await stage.workload?.step();
  };
  await using rig = await simulatedWorld({
    database: {
      cdb,
      pdbs: cdb ? ["PDB1", "PDB2"] : [],
      archivelog,
      totalBytes: cdb ? 9_000_000 : 3_000_000,
      logBytes: 262_144,
      seed: String(seed),
      blockSize: chance.between(0, 3) === 0 ? 16_384 : 8192,
      random: () => chance.next(),
    },
    config: { parallel: chance.between(1, 3) },
    change: (world) => ({ ...world, picture: copiedPictures() }),
    whileCopying: live,
    // Until the very last moment.
    control: { hold: async (step) => (step === "shutdown" ? await live() : undefined) },
  });
  const workload = await prepared(rig, chance, { cdb, archivelog, seed });
  stage.workload = workload;
  for (let i = chance.between(0, 30); i > 0; i -= 1) await workload.step();
  if (chance.between(0, 4) === 0) await earlierBackup(rig);
  const before = stateOf(rig);
  const directory = await (options.take ?? takeBackup)(rig, { mode });
  const problems = [...different("the state of the database", before, stateOf(rig)), ...(await owedBy(rig))];
  if (problems.length > 0) return { mode, rowsCompared: 0, problems };
  const { cold } = coldManifestOf(directory);
  const withLogs = closedFiles(directory).onlineLogs !== undefined && chance.between(0, 2) > 0;
  const restored = await restoredRows(rig, directory, workload, {
    withLogs,
    scn: BigInt(cold.checkpointScn),
  });
  problems.push(...rowProblems("the restored database", restored));
  problems.push(...(await goesOn(rig, workload)));
  return { mode: cold.mode, rowsCompared: restored.rowsCompared, problems };
}

interface Prepared {
  readonly cdb: boolean;
  readonly archivelog: boolean;
  readonly seed: number;
}

/** A workload on all tablespaces, of which some then cannot be written any more. */
async function prepared(rig: SimulatedWorld, chance: Chance, { cdb, archivelog, seed }: Prepared) {
  const { instance, directory } = rig;
  const conId = cdb ? 3 : 0;
  const create = (name: string) => instance.createTablespace(conId, tablespace(name, directory));
  const readOnly = chance.between(0, 2) === 0;
  if (readOnly) await create("QUIET");
  const workload = await createWorkload({ instance, seed, tables: cdb ? 1 : 2, initialRows: 6 });
  for (let i = chance.between(0, 10); i > 0; i -= 1) await workload.step();
  await workload.settle();
  if (readOnly) await instance.setTablespace(conId, "QUIET", "READ ONLY");
  if (chance.between(0, 3) === 0) {
    await create("AWAY");
    const torn = archivelog && chance.between(0, 1) === 0;
    await instance.setTablespace(conId, "AWAY", torn ? "OFFLINE IMMEDIATE" : "OFFLINE NORMAL");
  }
  if (cdb && chance.between(0, 1) === 0) await instance.closePdb(4);
  if (chance.between(0, 4) === 0) await instance.setParameter("restricted_session", "TRUE", "MEMORY");
  return workload;
}

function tablespace(name: string, directory: string): TablespaceSpec {
  const path = join(directory, "prod", `${name.toLowerCase()}.dbf`);
  const file = { path, bytes: 262_144, reuse: false, autoextend: null };
  return { name, contents: "PERMANENT", bigfile: false, blockSize: 8192, files: [file] };
}

async function takeBackup({ world }: SimulatedWorld, options: ColdBackupOptions): Promise<string> {
  const made = await backupCold(world, options);
  if (!made.ok) throw new Error(made.refusals.map((refusal) => refusal.seen).join("; "));
  return made.backup.directory;
}

/** Its copies of read-only files may stand for new ones once it is verified (rule 30). */
async function earlierBackup(rig: SimulatedWorld): Promise<void> {
  const made = await backupCold(rig.world, { mode: "plain" });
  if (!made.ok) throw new Error(made.refusals.map((refusal) => refusal.seen).join("; "));
  const { problems } = await verifyBackup(rig.world, made.backup.id);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
}

function stateOf({ instance }: SimulatedWorld): object {
  const control = instance.controlFile;
  return {
    openMode: instance.openMode,
    restricted: instance.restricted,
    containers: control?.containers.map(({ conId, name }) => [name, instance.pdbOpenMode(conId)]),
    files: control?.datafiles.map(({ file, path, status, enabled }) => [file, path, status, enabled]),
  };
}

function different(what: string, before: object, now: object): readonly string[] {
  const [was, is] = [JSON.stringify(before), JSON.stringify(now)];
  return was === is ? [] : [`${what} was ${was} and is ${is}`];
}

async function owedBy({ world }: { readonly world: World }): Promise<readonly string[]> {
  const { state, database } = world;
  const startups = await state.startups.pending(database.name);
  const runs = await state.journal.openRuns(database.name);
  return [
    ...startups.map(({ id }) => `the STARTUP of ${id} is still owed`),
    ...runs.map(({ id }) => `run ${id} is still open`),
  ];
}

async function restoredRows(
  rig: SimulatedWorld,
  directory: string,
  workload: Workload,
  how: { readonly withLogs: boolean; readonly scn: bigint },
): Promise<Comparison> {
  const { onlineLogs, ...without } = closedFiles(directory);
  const files = how.withLogs && onlineLogs !== undefined ? { ...without, onlineLogs } : without;
  await using restored = await restoredCold(files, join(rig.directory, "restored"));
  await (how.withLogs ? openWithLogs(restored) : openWithoutLogs(restored));
  const { instance } = restored;
  for (const { conId, opensWithRoot } of instance.controlFile?.containers ?? []) {
    if (conId > 2 && !opensWithRoot) await instance.openPdb(conId, "READ WRITE");
  }
  return await compareWithDatabase(workload.history.stateAt(how.scn), instanceReader(instance));
}

/** The backup took nothing from the database, and it accepts changes as before. */
async function goesOn({ instance }: SimulatedWorld, workload: Workload): Promise<readonly string[]> {
  const before = workload.operations;
  for (let i = 0; i < 20; i += 1) await workload.step();
  await workload.settle();
  if (workload.operations - before < 20) return ["the database does not accept changes any more"];
  for (const { conId } of instance.controlFile?.containers ?? []) {
    if (conId > 2 && instance.pdbOpenMode(conId) === "MOUNTED") await instance.openPdb(conId, "READ WRITE");
  }
  const now = workload.history.stateAt(instance.currentScn());
  return rowProblems(
    "the database that was backed up",
    await compareWithDatabase(now, instanceReader(instance)),
  );
}

function rowProblems(
  where: string,
  { rowsCompared, rowsDifferent, differences }: Comparison,
): readonly string[] {
  if (rowsCompared === 0) return [`${where} has no rows to compare`];
  if (rowsDifferent === 0) return [];
  return [`${where} differs in ${rowsDifferent} rows: ${JSON.stringify(differences[0])}`];
}
