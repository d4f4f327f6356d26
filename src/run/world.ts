import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Clock } from "../ports/clock.ts";
import type { DatabaseConnector } from "../ports/database.ts";
import type { Host } from "../ports/host.ts";
import type { InstanceControl } from "../ports/instance.ts";
import type { PictureTaker } from "../ports/picture.ts";
import type { Rman } from "../ports/rman.ts";
import type { Reporter } from "../ports/reporter.ts";
import type { AreaSnapshots } from "../ports/snapshots.ts";
import type { State } from "../state/state.ts";
import type { StandbyWay } from "./standby-way.ts";
import type { Storages } from "./storages.ts";

/** All that one run of one database may touch. Made by `wire.ts` in the program, by hand in tests. */
export interface World {
  readonly database: DatabaseConfig;
  readonly connector: DatabaseConnector;
  /** From which missing archived logs may come, in the order in which they are asked. */
  readonly standbys?: readonly StandbyWay[];
  /** Stops and starts the instance; absent where the configuration names no way. */
  readonly instance?: InstanceControl;
  /** Absent where the configuration names no ORACLE_HOME and SID. */
  readonly rman?: Rman;
  /** Takes pictures of the datafiles' storage; absent where no storage is configured that could. */
  readonly picture?: PictureTaker;
  /** All that take snapshots. */
  readonly storages?: Storages;
  /** Takes snapshots of the live backup area; absent where no storage is configured that could. */
  readonly snapshots?: AreaSnapshots;
  /** Where the datafiles are. */
  readonly databaseHost: Host;
  /** Where the backup area is mounted. */
  readonly backupHost: Host;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly state: State;
  /** Random bytes for run ids; chance is a port too. */
  readonly random: (bytes: number) => Uint8Array;
  /** Aborted by SIGINT and SIGTERM: no new work starts, what must be undone is undone. */
  readonly signal: AbortSignal;
}
