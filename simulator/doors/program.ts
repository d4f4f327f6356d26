import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { createDatabase } from "../instance/create-database.ts";
import { hostSigns } from "../instance/host-signs.ts";
import { type InstanceFaults, instanceFaults } from "../instance/instance-faults.ts";
import type { OpenInstance } from "../instance/open-instance.ts";
import { openInstance } from "../instance/start-database.ts";
import { type DoorOptions, openProgramDoor, type ProgramDoor } from "../programs/door.ts";
import { installPrograms } from "../programs/install.ts";
import { type AccountSpec, defaultAccounts } from "../sql/accounts.ts";
import { createEngine, type SimulatedEngine } from "../sql/engine.ts";
import { type Listener, startListener } from "../tns/listener.ts";
import { Chance } from "../workload/chance.ts";
import { WorkloadRunner } from "../workload/workload-runner.ts";
import type { ControlHandlers, ReadyLine } from "./control-protocol.ts";
import type { ProgramOptions } from "./program-options.ts";

/** Enough rows that a comparison means something, few enough that a comparison takes a second. */
const WORKLOAD = { sessions: 6, initialRows: 300, mostRows: 1500 } as const;

/** A simulated database host that serves: files, instance, SQL, listener, workload. */
export interface RunningProgram {
  readonly ready: ReadyLine;
  readonly instance: OpenInstance;
  readonly engine: SimulatedEngine;
  /** What goes wrong with STARTUP and SHUTDOWN. */
  readonly faults: InstanceFaults;
  readonly listener: Listener;
  readonly workload: WorkloadRunner;
  /** What a parent process may ask. */
  readonly control: ControlHandlers;
  /** SHUTDOWN ABORT, then the listener. The files stay as a crash leaves them. */
  close(): Promise<void>;
}

/** Creates the database where there is none below `base`, starts the instance, then listens. */
export async function startProgram(options: ProgramOptions): Promise<RunningProgram> {
  mkdirSync(options.base, { recursive: true });
  const isNew =
    options.pfile === undefined && !existsSync(join(options.base, "dbs", `spfile${options.dbName}.ora`));
  if (isNew) await create(options);
  const chance = new Chance(options.seed);
  const { base, dbName, oracleHome } = options;
  const faults = instanceFaults();
  const instance = openInstance({
    base,
    name: dbName,
    random: () => chance.next(),
    faults,
    ...(oracleHome !== undefined && { signs: hostSigns({ oracleHome, sid: dbName }) }),
  });
  const accounts = options.cdb ? defaultAccounts : defaultAccounts.map(withoutContainers);
  const adminService = `${options.dbName}_ADMIN`.toUpperCase();
  const engine = createEngine(instance, { accounts, staticServices: [adminService] });
  const workload = new WorkloadRunner({ instance, seed: options.seed, ...WORKLOAD });
  await instance.startup({
    to: isNew ? "OPEN" : options.startTo,
    ...(options.pfile !== undefined && { pfile: options.pfile }),
  });
  const listener = await startListener({
    engine,
    profile: options.profile,
    host: options.host,
    port: options.port,
  });
  const { host, port } = listener;
  const programs = await openPrograms(options, {
    instance,
    engine,
    listener: { host, port, staticServices: [adminService] },
  });
  const parts = { instance, engine, faults, listener, workload, programs };
  if (options.workload) await workload.start(options.opsPerSecond);
  return {
    ...parts,
    ready: readyLine(options, { ...parts, accounts, adminService }),
    control: controlOf(parts),
    close: () => close(parts),
  };
}

async function create(options: ProgramOptions): Promise<void> {
  await createDatabase({
    base: options.base,
    name: options.dbName,
    cdb: options.cdb,
    pdbs: options.cdb ? Array.from({ length: options.pdbs }, (_, index) => `PDB${index + 1}`) : [],
    profile: options.profile,
    archivelog: options.archivelog,
    totalBytes: options.bytes,
    seed: String(options.seed),
    now: () => new Date(),
  });
}

/** A database without containers has no common users. */
function withoutContainers(account: AccountSpec): AccountSpec {
  return { ...account, name: account.name.replace(/^C##/u, "") };
}

type Parts = Pick<RunningProgram, "instance" | "engine" | "faults" | "listener" | "workload"> & {
  readonly programs: ProgramDoor | undefined;
};

/** The ORACLE_HOME, where one is wanted, and the door behind its programs. */
async function openPrograms(
  { base, oracleHome, dbName, restartAfterMs }: ProgramOptions,
  parts: Pick<DoorOptions, "instance" | "engine" | "listener">,
): Promise<ProgramDoor | undefined> {
  if (oracleHome === undefined) return undefined;
  const { version } = parts.engine.identity;
  installPrograms({ base, oracleHome, sid: dbName, version });
  return openProgramDoor({
    base,
    oracleHome,
    sid: dbName,
    ...parts,
    ...(restartAfterMs !== undefined && { restartAfterMs }),
  });
}

function readyLine(
  options: ProgramOptions,
  parts: Parts & { accounts: readonly AccountSpec[]; adminService: string },
): ReadyLine {
  const pdbs =
    parts.instance.controlFile?.containers.filter(({ conId }) => conId > 2).map(({ name }) => name) ?? [];
  return {
    ready: true,
    pid: process.pid,
    host: parts.listener.host,
    port: parts.listener.port,
    base: options.base,
    dbName: options.dbName,
    services: [options.dbName, ...pdbs].map((name) => name.toUpperCase()),
    adminService: parts.adminService,
    accounts: parts.accounts.map(({ name, password, administrative }) => ({
      name,
      password,
      administrative: administrative ?? [],
    })),
  };
}

function controlOf({ instance, engine, faults, workload }: Parts): ControlHandlers {
  return {
    status: async () => ({
      state: instance.state,
      stopping: instance.stopping !== undefined,
      startedAt: instance.startedAt,
      hanging: faults.hanging,
      scn: instance.controlFile === undefined ? 0n : instance.currentScn(),
      workloadRunning: workload.running,
      operations: workload.operations,
      commits: workload.commits,
      lastCommitScn: workload.lastCommitScn,
    }),
    remembered: async ({ scn }) => workload.remembered(scn),
    "start-workload": async ({ opsPerSecond }) => {
      await workload.start(opsPerSecond);
      return null;
    },
    "stop-workload": async (how) => {
      await workload.stop(how);
      return null;
    },
    startup: async (how) => {
      await instance.startup(how);
      return null;
    },
    shutdown: async ({ mode }) => {
      await engine.shutdown(mode);
      return null;
    },
    crash: async () => {
      await engine.shutdown("ABORT");
      return null;
    },
    plant: async ({ fault }) => {
      faults.plant(fault);
      return null;
    },
    lift: async ({ at }) => {
      faults.lift(at);
      return null;
    },
  };
}

async function close({ instance, engine, faults, listener, workload, programs }: Parts): Promise<void> {
  faults.lift();
  await programs?.close();
  if (instance.state !== "IDLE") await engine.shutdown("ABORT");
  await workload.stop({ commit: false });
  await listener.close();
}
