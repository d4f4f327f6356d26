import { randomBytes } from "node:crypto";

import { systemClock } from "../adapters/clock.ts";
import { thisMachine } from "../adapters/host/far-side.ts";
import { createOracledbConnector } from "../adapters/oracledb/connector.ts";
import type { ThickDriver } from "../adapters/oracledb/driver.ts";
import { loginWarning } from "../cli/login-warning.ts";
import type { OpenedWorld, WorldOptions } from "../cli/surroundings.ts";
import type { DatabaseConfig, Fleet } from "../domain/fleet.ts";
import type { State } from "../state/state.ts";
import { instanceControl } from "./instance-control.ts";
import { OpenHosts } from "./open-hosts.ts";
import { reporterFor } from "./reporter.ts";
import { secretsOf } from "./secrets.ts";
import { packageVersion, thisUmbra } from "./this-umbra.ts";

export interface WorldParts {
  readonly process: NodeJS.Process;
  readonly signal: AbortSignal;
  readonly driver: () => Promise<ThickDriver>;
}

/** The hosts of a fleet as this process reaches them. */
export function openHosts(process: NodeJS.Process, fleet: Fleet, connectMs: number): OpenHosts {
  const here = () => {
    const machine = thisMachine({ version: packageVersion(), umbra: thisUmbra() });
    return { ...machine.host, [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose]() };
  };
  return new OpenHosts({ fleet, secrets: secretsOf(process), connectMs, here });
}

/** Everything that one run of one database may touch. Nothing connects before it is used. */
export function openWorld(
  { process, signal, driver }: WorldParts,
  database: DatabaseConfig,
  state: State,
  options: WorldOptions,
): OpenedWorld {
  const { connectMs } = database.deadlines;
  const hosts = openHosts(process, options.fleet, connectMs);
  const { databaseHost, backupHost } = hosts.of(database);
  const password = secretsOf(process)(database.connect.password, connectMs);
  const onWarning = (message: string) =>
    void process.stderr.write(loginWarning(database.name, message, options.output));
  const shared = { clock: systemClock, password, driver };
  const instance = instanceControl(database, { ...shared, host: databaseHost });
  const world = {
    database,
    connector: createOracledbConnector(database, { ...shared, onWarning }),
    ...(instance === undefined ? {} : { instance }),
    databaseHost,
    backupHost,
    clock: systemClock,
    reporter: reporterFor(process, options),
    state,
    random: (bytes: number) => randomBytes(bytes),
    signal,
  };
  return { world, [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose]() };
}
