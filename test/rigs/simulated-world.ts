import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { inProcessConnector } from "../../simulator/doors/in-process.ts";
import { inProcessPrograms, type ProgramFaults } from "../../simulator/doors/in-process-programs.ts";
import {
  type InProcessInstanceOptions,
  inProcessInstance,
} from "../../simulator/doors/in-process-instance.ts";
import type { CreateDatabaseOptions } from "../../simulator/instance/create-database.ts";
import { hostSigns } from "../../simulator/instance/host-signs.ts";
import { type InstanceFaults, instanceFaults } from "../../simulator/instance/instance-faults.ts";
import type { OpenInstance } from "../../simulator/instance/open-instance.ts";
import { startDatabase, type StartOptions } from "../../simulator/instance/start-database.ts";
import { type ClusterMember, ClusterResource } from "../../simulator/programs/cluster-resource.ts";
import { installPrograms } from "../../simulator/programs/install.ts";
import { InstanceOperations } from "../../simulator/programs/instance-operations.ts";
import type { ProgramHost } from "../../simulator/programs/program.ts";
import { createEngine, type SimulatedEngine } from "../../simulator/sql/engine.ts";
import { systemClock } from "../../src/adapters/clock.ts";
import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { createRman } from "../../src/adapters/rman/rman.ts";
import { createSqlplusControl } from "../../src/adapters/sqlplus/sqlplus-control.ts";
import { createSrvctlControl } from "../../src/adapters/srvctl/srvctl-control.ts";
import { createCopier } from "../../src/copy/copier.ts";
import type { UmbraEvent } from "../../src/domain/events.ts";
import type { CopyRequest } from "../../src/ports/copier.ts";
import type { Host } from "../../src/ports/host.ts";
import type { World } from "../../src/run/world.ts";
import { openState } from "../../src/state/open-state.ts";
import { type ConfigOptions, databaseConfig } from "./database-config.ts";
import { scratchDirectory } from "./scratch-directory.ts";

export interface SimulatedWorldOptions {
  readonly database?: Partial<CreateDatabaseOptions> &
    Pick<StartOptions, "pause" | "idle" | "random" | "faults">;
  readonly config?: Partial<ConfigOptions>;
  /** Another database than a new primary: the instance, running as the agent shall find it. */
  readonly start?: (base: string, faults: InstanceFaults) => Promise<OpenInstance>;
  /** Replaces parts of the world before anything uses them. */
  readonly change?: (world: World) => World;
  /** What goes wrong with STARTUP and SHUTDOWN. */
  readonly control?: Pick<InProcessInstanceOptions, "faults" | "hold">;
  /** Awaited after each small chunk of an image copy, so that the database changes meanwhile. */
  readonly whileCopying?: () => Promise<void>;
  /** The agent's way to stop and start the instance goes over this program, run in this process; over none unless told. */
  readonly way?: "sqlplus" | "srvctl";
  /**
   * Shows the instance to the host: a process ora_pmon_SID and the lock of lkSID below `<directory>/home/dbs`. Takes a
   * process for each start. Other tests show ORCL at the same time: give the database a name of its own.
   */
  readonly signs?: boolean;
  /** Clusterware starts the instance again that was down so long without `srvctl stop`, unless it is disabled. */
  readonly restartAfterMs?: number;
  /** What goes wrong between the agent and these programs. */
  readonly programFaults?: ProgramFaults;
}

/** A simulated database, the agent's world over its in-process door, and all that happened. */
export interface SimulatedWorld extends AsyncDisposable {
  readonly directory: string;
  readonly instance: OpenInstance;
  readonly engine: SimulatedEngine;
  /** What goes wrong with STARTUP and SHUTDOWN: `plant` and `lift`. */
  readonly faults: InstanceFaults;
  /** STARTUP and SHUTDOWN as somebody else's tools give them: `operations`. */
  readonly programs: ProgramHost;
  readonly world: World;
  readonly events: readonly UmbraEvent[];
}

export async function simulatedWorld(options: SimulatedWorldOptions = {}): Promise<SimulatedWorld> {
  const scratch = scratchDirectory();
  const directory = scratch.path;
  const base = join(directory, "prod");
  mkdirSync(base);
  mkdirSync(join(directory, "backup"));
  const faults = instanceFaults();
  const sid = options.database?.sid ?? options.database?.name ?? "ORCL";
  const instance = await started(options, { base, directory, sid, faults });
  // Registered statically, so that the agent reaches a mounted instance too.
  const engine = createEngine(instance, { staticServices: ["ORCL_ADMIN"] });
  const copier = createCopier({ inlineBelow: Infinity, inlineChunkBytes: 16_384, durable: false });
  const local = createLocalHost({ copier });
  const { whileCopying } = options;
  const operations = new InstanceOperations(
    engine,
    instance,
    options.control?.hold ?? (() => Promise.resolve()),
  );
  const programs = programHost(
    directory,
    { name: sid, node: engine.identity.host, instance, engine, operations },
    options,
  );
  // The host has the name that the instance shows.
  const otherwise: Host["run"] = async (argv, how) =>
    argv[0] === "uname" ? await local.run(["echo", engine.identity.host], how) : await local.run(argv, how);
  const run = inProcessPrograms(programs, otherwise, options.programFaults);
  const host: typeof local = whileCopying
    ? {
        ...local,
        run,
        copy: (request) => local.copy({ ...request, onProgress: around(request, whileCopying) }),
        ...(local.refresh && {
          refresh: refreshing(local.refresh.bind(local), whileCopying),
        }),
      }
    : { ...local, run };
  const events: UmbraEvent[] = [];
  const account = {
    user: "C##UMBRA",
    password: "umbra",
    privilege: "SYSBACKUP",
    service: "ORCL_ADMIN",
  } as const;
  const plain: World = {
    database: databaseConfig({ directory, ...options.config }),
    connector: inProcessConnector({ engine, ...account }),
    instance:
      options.way === undefined
        ? inProcessInstance({ engine, instance, ...options.control, operations: programs.operations })
        : controls[options.way](host, programs.oracleHome, sid),
    rman: createRman({ host, clock: systemClock, oracleHome: programs.oracleHome, sid }),
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: { event: (event) => void events.push(event) },
    state: openState(join(directory, "state")),
    random: (bytes) => randomBytes(bytes),
    signal: new AbortController().signal,
  };
  return {
    directory,
    instance,
    engine,
    faults,
    programs,
    world: options.change?.(plain) ?? plain,
    events,
    [Symbol.asyncDispose]: async () => {
      programs.cluster[Symbol.dispose]();
      faults.lift();
      if (instance.state !== "IDLE") await engine.shutdown("ABORT");
      plain.state[Symbol.dispose]();
      await copier[Symbol.asyncDispose]();
      scratch[Symbol.dispose]();
    },
  };
}

/** The database that the agent finds. */
async function started(
  options: SimulatedWorldOptions,
  at: {
    readonly base: string;
    readonly directory: string;
    readonly sid: string;
    readonly faults: InstanceFaults;
  },
): Promise<OpenInstance> {
  const { base, directory, sid, faults } = at;
  if (options.start !== undefined) return await options.start(base, faults);
  return await startDatabase({
    name: "ORCL",
    now: () => new Date(),
    ...options.database,
    faults: { ...faults, ...options.database?.faults },
    ...(options.signs === true && { signs: hostSigns({ oracleHome: join(directory, "home"), sid }) }),
    base,
  });
}

const controls = {
  sqlplus: (host: Pick<Host, "run">, oracleHome: string, sid: string) =>
    createSqlplusControl({ host, clock: systemClock, oracleHome, sid, privilege: "sysbackup" }),
  srvctl: (host: Pick<Host, "run">, oracleHome: string, sid: string) =>
    createSrvctlControl({ host, clock: systemClock, oracleHome, database: sid.toLowerCase() }),
} as const;

/** An ORACLE_HOME with its files; sqlplus and srvctl of it never become processes. */
function programHost(
  directory: string,
  member: ClusterMember,
  { restartAfterMs }: Pick<SimulatedWorldOptions, "restartAfterMs">,
): ProgramHost & { readonly cluster: ClusterResource } {
  const oracleHome = join(directory, "home");
  installPrograms({
    base: join(directory, "prod"),
    oracleHome,
    sid: member.name,
    version: member.engine.identity.version,
  });
  return {
    ...member,
    oracleHome,
    sid: member.name,
    cluster: new ClusterResource({
      members: [member],
      ...(restartAfterMs !== undefined && { restartAfterMs }),
    }),
    groups: new Set(["dba", "oper", "backupdba"]),
    sqlerrorCoversStartup: false,
  };
}

/** What the request tells of its progress, and then what happens meanwhile. */
function around(
  { onProgress }: Pick<CopyRequest, "onProgress">,
  meanwhile: () => Promise<void>,
): (bytes: number) => Promise<void> {
  return async (bytes) => {
    await onProgress?.(bytes);
    await meanwhile();
  };
}

type Refresh = NonNullable<Host["refresh"]>;

function refreshing(refresh: Refresh, meanwhile: () => Promise<void>): Refresh {
  return (request) => refresh({ ...request, onProgress: around(request, meanwhile) });
}
