import type { DatabaseConfig, Fleet } from "../domain/fleet.ts";
import type { StandbyWay } from "../run/standby-way.ts";
import { type ReachParts, reachDatabase } from "./reach-database.ts";

/** The ways to the standbys of a database. Nothing connects before it is used. */
export function standbysOf(
  fleet: Fleet,
  database: DatabaseConfig,
  parts: Pick<ReachParts, "process" | "hosts" | "driver">,
): readonly StandbyWay[] {
  return (database.standbys ?? []).flatMap((name): readonly StandbyWay[] => {
    const standby = fleet.databases.get(name);
    if (standby === undefined) return [];
    const { connector } = reachDatabase(standby, parts);
    const copier = parts.hosts.copierOf(database, standby);
    const host = parts.hosts.named(standby.host);
    return [{ database: standby, connector, host, ...(copier === undefined ? {} : { copier }) }];
  });
}
