import { systemClock } from "../adapters/clock.ts";
import type { ThickDriver } from "../adapters/oracledb/driver.ts";
import { sshCrypto } from "../adapters/ssh/crypto.ts";
import type { Diagnostics, Reach } from "../doctor/diagnostics.ts";
import type { DatabaseConfig, Fleet } from "../domain/fleet.ts";
import { openHosts, reachDatabase } from "./reach-database.ts";
import { packageVersion } from "./this-umbra.ts";

/** A login that takes longer is told as a problem. */
const CONNECT_MS = 20_000;

/** What `umbra doctor` looks at, reached as a run would reach it. */
export function diagnose(
  process: NodeJS.Process,
  fleet: Fleet,
  driver: () => Promise<ThickDriver>,
): Diagnostics {
  const hosts = openHosts(process, fleet, CONNECT_MS);
  const reaches = new Map<DatabaseConfig, Reach>();
  return {
    clock: systemClock,
    versions: { umbra: packageVersion(), node: process.versions.node },
    driver: async () => {
      const { versionString, oracleClientVersionString: client } = await driver();
      return fleet.oracleClient === undefined
        ? { version: versionString }
        : { version: versionString, client: client ?? "of unknown version" };
    },
    sshCrypto,
    host: (name) => hosts.named(name),
    reach: (database) => {
      const known = reaches.get(database) ?? reachDatabase(database, { process, hosts, driver });
      reaches.set(database, known);
      return known;
    },
    [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose](),
  };
}
