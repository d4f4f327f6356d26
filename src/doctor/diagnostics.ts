import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Clock } from "../ports/clock.ts";
import type { DatabaseConnector } from "../ports/database.ts";
import type { Host } from "../ports/host.ts";
import type { InstanceControl } from "../ports/instance.ts";
import type { Rman } from "../ports/rman.ts";

/** What the checks of an installation need besides the local state. Nothing connects before it is used. */
export interface Diagnostics extends AsyncDisposable {
  readonly clock: Clock;
  readonly versions: { readonly umbra: string; readonly node: string };
  /** Loads the driver as a run would. Errors: UMB-2201. */
  driver(): Promise<DriverFacts>;
  /** Who computes for ssh: the native part of its library, or Node with JavaScript around it. */
  sshCrypto(): "native" | "JavaScript";
  /** Without a name: this machine. */
  host(name?: string): Host;
  /** The same one each time. */
  reach(database: DatabaseConfig): Reach;
}

export interface DriverFacts {
  readonly version: string;
  /** Version of Oracle's client in thick mode. */
  readonly client?: string;
}

/** The ways to one database. */
export interface Reach {
  readonly connector: DatabaseConnector;
  readonly instance?: InstanceControl;
  readonly rman?: Rman;
  readonly databaseHost: Host;
  readonly backupHost: Host;
}
