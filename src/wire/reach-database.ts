import { systemClock } from "../adapters/clock.ts";
import { thisMachine } from "../adapters/host/far-side.ts";
import { createOracledbConnector } from "../adapters/oracledb/connector.ts";
import type { ThickDriver } from "../adapters/oracledb/driver.ts";
import type { Reach } from "../doctor/diagnostics.ts";
import type { DatabaseConfig, Fleet } from "../domain/fleet.ts";
import { instanceControl } from "./instance-control.ts";
import { OpenHosts } from "./open-hosts.ts";
import { rmanOf } from "./rman.ts";
import { secretsOf } from "./secrets.ts";
import { packageVersion, thisUmbra } from "./this-umbra.ts";

/** The hosts of a fleet as this process reaches them. */
export function openHosts(process: NodeJS.Process, fleet: Fleet, connectMs: number): OpenHosts {
  const version = packageVersion();
  const here = () => {
    const machine = thisMachine({ version, umbra: thisUmbra() });
    return { ...machine.host, [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose]() };
  };
  return new OpenHosts({ fleet, secrets: secretsOf(process), connectMs, here, version });
}

export interface ReachParts {
  readonly process: NodeJS.Process;
  readonly hosts: OpenHosts;
  readonly driver: () => Promise<ThickDriver>;
  /** A login that succeeded with a warning. */
  readonly onWarning?: (message: string) => void;
}

/** The ways to one database. Nothing connects before it is used. */
export function reachDatabase(database: DatabaseConfig, parts: ReachParts): Reach {
  const { process, hosts, driver, onWarning } = parts;
  const { databaseHost, backupHost } = hosts.of(database);
  const password = secretsOf(process)(database.connect.password, database.deadlines.connectMs);
  const shared = { clock: systemClock, password, driver };
  const told = onWarning === undefined ? shared : { ...shared, onWarning };
  const instance = instanceControl(database, { ...shared, host: databaseHost });
  return {
    connector: createOracledbConnector(database, told),
    ...(instance === undefined ? {} : { instance }),
    ...rmanOf(database, databaseHost),
    databaseHost,
    backupHost,
  };
}
