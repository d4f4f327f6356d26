import type { ThickDriver } from "../adapters/oracledb/driver.ts";
import { createOracledbControl } from "../adapters/oracledb/instance-control.ts";
import { createSqlplusControl } from "../adapters/sqlplus/sqlplus-control.ts";
import { createSrvctlControl } from "../adapters/srvctl/srvctl-control.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Clock } from "../ports/clock.ts";
import type { Host } from "../ports/host.ts";
import type { InstanceControl } from "../ports/instance.ts";

export interface ControlParts {
  /** Where the instance runs. */
  readonly host: Pick<Host, "run">;
  readonly clock: Clock;
  readonly password: () => Promise<string>;
  readonly driver: () => Promise<ThickDriver>;
}

/** The configured way to the instance; undefined where there is none. */
export function instanceControl(database: DatabaseConfig, parts: ControlParts): InstanceControl | undefined {
  const { instance, connect } = database;
  switch (instance?.by) {
    case undefined:
      return undefined;
    case "sqlplus":
      return createSqlplusControl({ ...instance, ...parts });
    case "srvctl":
      return createSrvctlControl({ ...instance, ...parts, database: instance.uniqueName });
    case "oracledb": {
      const { connectString = connect.connectString, privilege } = instance;
      const through = { ...database, connect: { ...connect, connectString } };
      return createOracledbControl({ ...parts, database: through, privilege });
    }
  }
}
