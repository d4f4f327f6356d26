import { systemClock } from "../adapters/clock.ts";
import { createRman } from "../adapters/rman/rman.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Host } from "../ports/host.ts";
import type { Rman } from "../ports/rman.ts";

/** RMAN of the configured ORACLE_HOME; only the way over sqlplus names its SID too. */
export function rmanOf({ instance }: DatabaseConfig, host: Host): { readonly rman?: Rman } {
  if (instance?.by !== "sqlplus") return {};
  const { oracleHome, sid } = instance;
  return { rman: createRman({ host, clock: systemClock, oracleHome, sid }) };
}
