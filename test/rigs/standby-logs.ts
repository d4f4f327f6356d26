import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { inProcessConnector } from "../../simulator/doors/in-process.ts";
import { createStandbyPair } from "../../simulator/instance/create-standby.ts";
import type { OpenInstance } from "../../simulator/instance/open-instance.ts";
import { createEngine, type SimulatedEngine } from "../../simulator/sql/engine.ts";
import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { createCopier } from "../../src/copy/copier.ts";
import type { DatabaseName, FilePath } from "../../src/domain/names.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { Host } from "../../src/ports/host.ts";
import { setUpLogs } from "../../src/run/logs-setup.ts";
import type { StandbyWay } from "../../src/run/standby-way.ts";
import type { World } from "../../src/run/world.ts";
import { databaseConfig } from "./database-config.ts";
import { simulatedWorld } from "./simulated-world.ts";

export interface StandbyLogs extends AsyncDisposable {
  readonly world: World;
  readonly directory: string;
  readonly primary: OpenInstance;
  readonly standby: OpenInstance;
  readonly engine: SimulatedEngine;
  readonly standbyEngine: SimulatedEngine;
  /** A way to the standby under a name, whose host sees nothing but the standby's files. */
  readonly way: (name?: string, change?: Partial<Host>) => StandbyWay;
  /** The same host without a fault. */
  readonly standbyHost: Host;
  /** The world with these standbys. */
  readonly with: (...standbys: readonly StandbyWay[]) => World;
  /** umbra's destination, where the primary archives else, and where the standby has its logs. */
  readonly area: string;
  readonly local: string;
  readonly arrived: string;
  /** Without hidden names. */
  readonly names: () => readonly string[];
  readonly hidden: () => readonly string[];
  /** So many rows of nearly 4 KB are committed. */
  readonly write: (rows: number) => Promise<void>;
  /** So many logs with a row each are archived. */
  readonly switched: (times?: number) => Promise<void>;
  /** Removes a log of the area, and from where else the primary has it. */
  readonly lose: (...names: readonly (string | undefined)[]) => void;
}

export interface StandbyLogsOptions {
  /** Larger logs than the least. */
  readonly logBytes?: number;
}

/** A primary with umbra's destination, and its mounted standby, which has its own copy of each log on another host. */
export async function standbyLogs({ logBytes = 262_144 }: StandbyLogsOptions = {}): Promise<StandbyLogs> {
  const made: { standby?: OpenInstance } = {};
  const rig = await simulatedWorld({
    start: async (base) => {
      const { primary, standby } = await createStandbyPair({
        name: "ORCL",
        base,
        standbyBase: join(base, "..", "stby"),
        logBytes,
        ownLogs: true,
        now: () => new Date(),
      });
      made.standby = standby;
      await primary.startup({ to: "OPEN" });
      await standby.startup({ to: "MOUNT" });
      return primary;
    },
  });
  const { standby } = made;
  if (standby === undefined) throw new Error("there is no standby");
  const standbyEngine = createEngine(standby, { staticServices: ["STBY_ADMIN"] });
  const far = join(rig.directory, "stby");
  const copier = createCopier({ inlineBelow: Infinity, durable: false });
  const whole = createLocalHost({ copier, name: "far" });
  const standbyHost = seeing(whole, (path) => path.startsWith(`${far}/`));
  const near = seeing(rig.world.backupHost, (path) => !path.startsWith(`${far}/`));
  const world: World = { ...rig.world, databaseHost: near, backupHost: near };
  const set = await setUpLogs(world);
  if (!set.ok) throw new Error(JSON.stringify(set.refusals));
  const area = join(world.database.backupArea, "live", "logs");
  const local = join(rig.directory, "prod", "arch");
  const all = () => readdirSync(area);
  const way: StandbyLogs["way"] = (name = "STBY", change = {}) => ({
    database: {
      ...databaseConfig({ directory: rig.directory }),
      name: name as DatabaseName,
      host: `host-of-${name.toLowerCase()}`,
    },
    connector: inProcessConnector({
      engine: standbyEngine,
      user: "C##UMBRA",
      password: "umbra",
      privilege: "SYSBACKUP",
      service: "STBY_ADMIN",
    }),
    host: { ...standbyHost, ...change },
  });
  const columns = [{ name: "TEXT", type: "VARCHAR2", nullable: false }] as const;
  const { objectId } = await rig.instance.createTable(0, {
    owner: "APP",
    name: "T",
    tablespace: "USERS",
    columns,
  });
  const write = async (rows: number) => {
    const transaction = rig.instance.begin(0);
    for (let left = rows; left > 0; left -= 1) await transaction.insert(objectId, ["x".repeat(3_900)]);
    await transaction.commit();
  };
  return {
    world,
    write,
    directory: rig.directory,
    primary: rig.instance,
    standby,
    engine: rig.engine,
    standbyEngine,
    way,
    standbyHost,
    with: (...standbys) => ({ ...world, standbys }),
    area,
    local,
    arrived: join(far, "arch"),
    names: () => all().filter((name) => !name.startsWith(".")),
    hidden: () => all().filter((name) => name.startsWith(".")),
    switched: async (times = 1) => {
      for (let left = times; left > 0; left -= 1) {
        await write(1);
        await rig.instance.archiveLogCurrent();
      }
    },
    lose: (...names) => {
      for (const name of names)
        for (const directory of [area, local]) rmSync(join(directory, name ?? "none"));
    },
    [Symbol.asyncDispose]: async () => {
      if (standby.state !== "IDLE") await standbyEngine.shutdown("ABORT");
      await rig[Symbol.asyncDispose]();
      await copier[Symbol.asyncDispose]();
    },
  };
}

/** A host on which some paths are not there. */
function seeing(host: Host, sees: (path: FilePath) => boolean): Host {
  const check = (path: FilePath, operation: string) => {
    if (!sees(path)) throw new UmbraError("UMB-7108", { path, operation, errno: "ENOENT" });
  };
  return {
    ...host,
    stat: async (path, options) => (sees(path) ? await host.stat(path, options) : undefined),
    list: async (path, options) => (sees(path) ? await host.list(path, options) : undefined),
    read: async (path, range, options) => {
      check(path, "read");
      return await host.read(path, range, options);
    },
    copy: async (request) => {
      check(request.source, "copy");
      check(request.target, "copy");
      return await host.copy(request);
    },
  };
}
