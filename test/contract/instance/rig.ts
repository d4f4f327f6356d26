import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openProgramDoor, type ProgramDoor } from "../../../simulator/programs/door.ts";
import { installPrograms } from "../../../simulator/programs/install.ts";
import type { Hold } from "../../../simulator/programs/instance-operations.ts";
import type { OsGroup } from "../../../simulator/programs/program.ts";
import type { OpenInstance } from "../../../simulator/instance/open-instance.ts";
import { startDatabase } from "../../../simulator/instance/start-database.ts";
import { createEngine, type SimulatedEngine } from "../../../simulator/sql/engine.ts";
import { systemClock } from "../../../src/adapters/clock.ts";
import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { createSqlplusControl } from "../../../src/adapters/sqlplus/sqlplus-control.ts";
import { createSrvctlControl } from "../../../src/adapters/srvctl/srvctl-control.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { InstanceControl } from "../../../src/ports/instance.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

export interface RigOptions {
  readonly hold?: Hold;
  readonly groups?: readonly OsGroup[];
  readonly sqlerrorCoversStartup?: boolean;
  /** Awaited before each program; `number` counts from 1. */
  readonly before?: (number: number, instance: OpenInstance) => Promise<void>;
}

/** An open database, its ORACLE_HOME, and the agent's instance control over programs in processes of their own. */
export interface InstanceRig extends AsyncDisposable {
  readonly control: InstanceControl;
  readonly instance: OpenInstance;
  readonly engine: SimulatedEngine;
  readonly door: ProgramDoor;
  readonly oracleHome: string;
  readonly base: string;
  /** Command lines that were run, without their environment. */
  readonly commands: readonly string[];
}

/** Nothing takes that long, also where many tests run at once. */
export const call = { deadlineMs: 20_000 };

/** Each way to control an instance, by name. */
export const ways: Readonly<
  Record<string, (host: Pick<Host, "run">, oracleHome: string) => InstanceControl>
> = {
  sqlplus: (host, oracleHome) =>
    createSqlplusControl({ host, clock: systemClock, oracleHome, sid: "ORCL", privilege: "sysbackup" }),
  srvctl: (host, oracleHome) =>
    createSrvctlControl({ host, clock: systemClock, oracleHome, database: "orcl" }),
};

export async function instanceRig(way: string, options: RigOptions = {}): Promise<InstanceRig> {
  // Not the fastest place, but one with a short path: that of a socket is limited.
  const scratch = scratchDirectory(tmpdir());
  const base = join(scratch.path, "prod");
  const oracleHome = join(scratch.path, "home of 19c");
  mkdirSync(base);
  const instance = await startDatabase({ name: "ORCL", base, now: () => new Date() });
  const engine = createEngine(instance);
  instance.sessions = { active: () => engine.sessions.length, endAll: () => engine.dropSessions() };
  installPrograms({ base, oracleHome, sid: "ORCL", version: engine.identity.version });
  const { before: _, ...doorOptions } = options;
  const door = await openProgramDoor({ base, oracleHome, sid: "ORCL", engine, instance, ...doorOptions });
  const commands: string[] = [];
  const local = createLocalHost({ copier: noCopier });
  const host: Pick<Host, "run"> = {
    run: async (argv, how) => {
      commands.push(argv.slice(argv.findIndex((word) => word.startsWith(oracleHome))).join(" "));
      await options.before?.(commands.length, instance);
      return local.run(argv, how);
    },
  };
  const make = ways[way];
  if (make === undefined) throw new Error(`no such way: ${way}`);
  return {
    control: make(host, oracleHome),
    instance,
    engine,
    door,
    oracleHome,
    base,
    commands,
    [Symbol.asyncDispose]: async () => {
      await door.close();
      if (instance.state !== "IDLE") await engine.shutdown("ABORT");
      scratch[Symbol.dispose]();
    },
  };
}

const noCopier = {
  copy: () => Promise.reject(new Error("nothing is copied here")),
  verify: () => Promise.reject(new Error("nothing is verified here")),
};
