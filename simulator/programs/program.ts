import type { Instance } from "../instance/api.ts";
import type { SimulatedEngine } from "../sql/engine.ts";
import type { ClusterResource } from "./cluster-resource.ts";
import type { ProgramEnvironment } from "./door-protocol.ts";
import type { InstanceOperations } from "./instance-operations.ts";

/** Operating system groups that open the instance without a password. */
export type OsGroup = "dba" | "oper" | "backupdba";

/** Where the host's listener is, and what its listener.ora registers by hand. */
export interface ListenerOfHost {
  readonly host: string;
  readonly port: number;
  readonly staticServices: readonly string[];
}

/** What every program of the ORACLE_HOME knows of its host. */
export interface ProgramHost {
  readonly engine: SimulatedEngine;
  readonly instance: Instance;
  readonly operations: InstanceOperations;
  readonly oracleHome: string;
  readonly sid: string;
  readonly groups: ReadonlySet<OsGroup>;
  /**
   * Whether WHENEVER SQLERROR also counts an error of STARTUP or SHUTDOWN. Nobody tells for the real one: umbra has to
   * live with both.
   */
  readonly sqlerrorCoversStartup: boolean;
  /** Where it is another than the instance's release comes with: Standard Edition works on one channel. */
  readonly edition?: "EE" | "SE2";
  /** CONFIGURE CONTROLFILE AUTOBACKUP ON: RMAN adds a copy of the control file to each backup. Off unless told. */
  readonly controlfileAutobackup?: boolean;
  /** What clusterware knows of the database; unless told, its one instance, which is never restarted. */
  readonly cluster?: ClusterResource;
  /** Absent: none listens on this host. */
  readonly listener?: ListenerOfHost;
}

/** One process of a program: what it was given, and where its output goes. */
export interface ProgramProcess {
  readonly argv: readonly string[];
  readonly env: ProgramEnvironment;
  /** Lines of standard input without their ends, as they come. Ends early when the process dies. */
  readonly input: AsyncIterator<string, undefined>;
  readonly say: (text: string) => void;
  /** False when the process was killed: it does nothing more, but what it asked of the instance goes on. */
  readonly alive: boolean;
}

/** Gives the exit code, 0 to 255. */
export type Program = (host: ProgramHost, process: ProgramProcess) => Promise<number>;
