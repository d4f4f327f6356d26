import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

import { createPictureTaker } from "../../storage-adapters/picture-taker.ts";
import { openReflink } from "../../storage-adapters/reflink/reflink.ts";
import { systemClock } from "../adapters/clock.ts";
import type { ThickDriver } from "../adapters/oracledb/driver.ts";
import { loginWarning } from "../cli/login-warning.ts";
import type { OpenedWorld, WorldOptions } from "../cli/surroundings.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { State } from "../state/state.ts";
import { openHosts, reachDatabase } from "./reach-database.ts";
import { reporterFor } from "./reporter.ts";

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
  const world = {
    database,
    ...reach,
    picture: createPictureTaker({
      // Whether their file system shares blocks is tried, not configured.
      open: (call) => openReflink("of the datafiles", { kind: "reflink" }, reach.databaseHost, call),
      agent: hostname(),
      database: database.name,
    }),
    clock: systemClock,
    reporter: reporterFor(process, options),
    state,
    random: (bytes: number) => randomBytes(bytes),
    signal,
  };
  return { world, [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose]() };
}
