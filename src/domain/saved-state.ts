import type { ContainerName } from "./names.ts";

/** What a database was like before umbra shut it down, and what it is brought back to (rule 25). */
export interface SavedState {
  /** v$database.open_mode: MOUNTED, READ ONLY, READ WRITE, READ ONLY WITH APPLY. */
  readonly openMode: string;
  /** PRIMARY, PHYSICAL STANDBY. */
  readonly role: string;
  /** RESTRICTED SESSION was on. */
  readonly restricted: boolean;
  /** Names of the instances that were up; a single one without a cluster. */
  readonly instances: readonly string[];
  readonly containers: readonly SavedContainer[];
  /** Absent where the database was not open, or is older than 12.2. */
  readonly atStartup?: readonly ContainerAtStartup[];
  readonly services: readonly SavedService[];
  /** Redo was being applied to this standby (rule 26); absent on a primary, and where apply was not running. */
  readonly apply?: { readonly realTime: boolean };
  /** Clusterware would have started it again by itself; it was told not to during the downtime (rule 22). */
  readonly autoRestart?: true;
  /**
   * ORACLE_SID or DB_UNIQUE_NAME that the tool for SHUTDOWN was told: STARTUP under another name would start somebody
   * else's instance. Absent where the tool is a connection.
   */
  readonly instanceTold?: InstanceTold;
}

export interface InstanceTold {
  readonly by: "sqlplus" | "srvctl";
  readonly name: string;
}

/** A pluggable database. CDB$ROOT is opened with the database itself; the seed is always READ ONLY. */
export interface SavedContainer {
  readonly name: ContainerName;
  /** MOUNTED, READ ONLY, READ WRITE, MIGRATE. */
  readonly openMode: string;
  readonly restricted: boolean;
}

/** What ALTER PLUGGABLE DATABASE … SAVE STATE keeps for the next STARTUP. umbra never changes it. */
export interface ContainerAtStartup {
  readonly container: ContainerName;
  readonly instance: string;
  /** OPEN, OPEN READ ONLY. */
  readonly state: string;
  readonly restricted: boolean;
}

/** A service that was running. */
export interface SavedService {
  readonly container: ContainerName;
  readonly name: string;
}
