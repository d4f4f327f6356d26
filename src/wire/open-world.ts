import { randomBytes } from "node:crypto";

import { systemClock } from "../adapters/clock.ts";
import type { ThickDriver } from "../adapters/oracledb/driver.ts";
import { loginWarning } from "../cli/login-warning.ts";
import type { OpenedWorld, WorldOptions } from "../cli/surroundings.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { State } from "../state/state.ts";
import { agentOf } from "./agent.ts";
import { openHosts, reachDatabase } from "./reach-database.ts";
import { reporterFor } from "./reporter.ts";
import { standbysOf } from "./standbys.ts";
import { areaSnapshots, picturesOf, storagesOf } from "./storages.ts";

export interface WorldParts {
  readonly process: NodeJS.Process;
  readonly signal: AbortSignal;
  readonly driver: () => Promise<ThickDriver>;
}

/** Everything that one run of one database may touch. Nothing connects before it is used. */
export function openWorld(
  { process, signal, driver }: WorldParts,
  database: DatabaseConfig,
  state: State,
  options: WorldOptions,
): OpenedWorld {
  const hosts = openHosts(process, options.fleet, database.deadlines.connectMs);
  const onWarning = (message: string) =>
    void process.stderr.write(loginWarning(database.name, message, options.output));
  const reach = reachDatabase(database, { process, hosts, driver, onWarning });
  const write = (text: string) => void process.stderr.write(text);
  const agent = agentOf(options.fleet, state, { write, output: options.output });
  const storages = storagesOf(options.fleet, hosts, agent, database);
  const snapshots = areaSnapshots(options.fleet, storages, database);
  const world = {
    database,
    ...reach,
    standbys: standbysOf(options.fleet, database, { process, hosts, driver }),
    picture: picturesOf(options.fleet, storages, database, reach.databaseHost),
    ...(snapshots === undefined ? {} : { snapshots }),
    storages,
    clock: systemClock,
    reporter: reporterFor(process, options),
    state,
    random: (bytes: number) => randomBytes(bytes),
    signal,
  };
  return { world, [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose]() };
}
