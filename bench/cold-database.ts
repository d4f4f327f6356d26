import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type ForkedSimulator, forkSimulator } from "../simulator/doors/forked.ts";
import { systemClock } from "../src/adapters/clock.ts";
import { createLocalHost } from "../src/adapters/host/local-host.ts";
import { createOracledbConnector } from "../src/adapters/oracledb/connector.ts";
import { createSqlplusControl } from "../src/adapters/sqlplus/sqlplus-control.ts";
import { createCopier } from "../src/copy/copier.ts";
import { discover } from "../src/discover/discover.ts";
import type { ColdBackupOptions } from "../src/domain/plan.ts";
import { backupCold } from "../src/run/backup-cold.ts";
import type { World } from "../src/run/world.ts";
import { openState } from "../src/state/open-state.ts";
import { createPictureTaker } from "../storage-adapters/picture-taker.ts";
import { openReflink } from "../storage-adapters/reflink/reflink.ts";
import { databaseConfig } from "../test/rigs/database-config.ts";
import { coldManifestOf } from "../test/rigs/restored-cold-database.ts";
import { type BlockFile, fillFreeBlocks } from "./cold-blocks.ts";

const SID = "BENCH";
/** Copies of gigabytes, on a machine that does other things too. */
const PATIENT = { startupMs: 120_000, shutdownMs: 120_000, copyStallMs: 120_000, statementMs: 60_000 };

/** A database in a process of its own, whose blocks are real, and the agent beside it: real driver, real sqlplus. */
export interface ColdDatabase extends AsyncDisposable {
  readonly files: readonly BlockFile[];
  /** Seconds from SHUTDOWN to open again, and the bytes of the copies. The backup is removed. */
  backUp(options: ColdBackupOptions, justBefore?: () => Promise<unknown>): Promise<ColdMeasured>;
  /** Seconds that SHUTDOWN IMMEDIATE and STARTUP take, by hand. */
  restart(): number;
}

export interface ColdMeasured {
  readonly downtime: number;
  readonly mode: string;
  readonly bytes: number;
}

export async function coldDatabase(folder: string, bytes: number): Promise<ColdDatabase> {
  const oracleHome = join(folder, "home");
  mkdirSync(join(folder, "backup"));
  const simulator = await forkSimulator({
    base: join(folder, "db"),
    dbName: SID,
    bytes,
    oracleHome,
    startDeadlineMs: 300_000,
  });
  const { world, close } = agentOf(folder, oracleHome, simulator);
  const end = async () => {
    await close();
    await simulator.stop();
  };
  try {
    const { datafiles } = await discover(world);
    for (const file of datafiles) await fillFreeBlocks(file);
    return {
      files: datafiles,
      backUp: (options, justBefore) => backUp(world, options, justBefore),
      restart: () => restart(oracleHome),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function agentOf(folder: string, oracleHome: string, { ready }: ForkedSimulator) {
  const copier = createCopier();
  const host = createLocalHost({ copier });
  const state = openState(join(folder, "state"));
  const account = ready.accounts.find(({ name }) => name === "UMBRA");
  const connectString = `127.0.0.1:${ready.port}/${ready.adminService}`;
  const user = account?.name.toLowerCase() ?? "umbra";
  const database = databaseConfig({
    directory: folder,
    connectString,
    user,
    parallel: 1,
    deadlines: PATIENT,
  });
  const world: World = {
    database,
    connector: createOracledbConnector(database, {
      password: () => Promise.resolve(account?.password ?? ""),
      clock: systemClock,
    }),
    instance: createSqlplusControl({
      host,
      clock: systemClock,
      oracleHome,
      sid: SID,
      privilege: "sysbackup",
    }),
    picture: createPictureTaker({
      open: (call) => openReflink("of the datafiles", { kind: "reflink" }, host, call),
      agent: "bench",
      database: database.name,
    }),
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: { event: () => {} },
    state,
    random: (count) => randomBytes(count),
    signal: new AbortController().signal,
  };
  const close = async () => {
    state[Symbol.dispose]();
    await copier[Symbol.asyncDispose]();
  };
  return { world, close };
}

async function backUp(
  world: World,
  options: ColdBackupOptions,
  justBefore: () => Promise<unknown> = () => Promise.resolve(),
): Promise<ColdMeasured> {
  const { journal } = world.state;
  const intent: typeof journal.intent = async (step) => {
    if (step.step === "shut-down") await justBefore();
    await journal.intent(step);
  };
  const made = await backupCold(
    { ...world, state: { ...world.state, journal: { ...journal, intent } } },
    options,
  );
  if (!made.ok) throw new Error(made.refusals.map(({ seen }) => seen).join("; "));
  const { cold } = coldManifestOf(made.backup.directory);
  rmSync(made.backup.directory, { recursive: true });
  return { downtime: cold.downtimeSeconds, mode: cold.mode, bytes: cold.copiedBytes };
}

function restart(oracleHome: string): number {
  const begin = performance.now();
  sqlplus(oracleHome, "shutdown immediate", "ORACLE instance shut down.");
  sqlplus(oracleHome, "startup", "Database opened.");
  return (performance.now() - begin) / 1000;
}

function sqlplus(oracleHome: string, command: string, wanted: string): void {
  const { stdout } = spawnSync(join(oracleHome, "bin", "sqlplus"), ["-S", "-L", "/ as sysbackup"], {
    encoding: "utf8",
    env: { ...process.env, ORACLE_HOME: oracleHome, ORACLE_SID: SID },
    input: `${command}\nexit\n`,
  });
  if (!stdout.includes(wanted)) throw new Error(`${command}: ${stdout}`);
}
