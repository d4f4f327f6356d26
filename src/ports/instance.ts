import type { FilePath } from "../domain/names.ts";

/** `stopping`: it is on its way down and refuses SQL; how far it is cannot be asked. */
export type InstanceState = "down" | "nomount" | "mount" | "open" | "stopping";

export interface InstanceOnNode {
  readonly name: string;
  /** undefined where the tool does not tell it. */
  readonly node: string | undefined;
  readonly state: InstanceState;
  /** v$instance.startup_time, the host's local time; absent where the tool does not tell it. */
  readonly startedAt?: string;
}

export interface InstanceStatus {
  /** Of the instance that is furthest: `down` says that none of them runs. */
  readonly state: InstanceState;
  readonly restricted: boolean;
  readonly readOnly: boolean;
  /** Each instance that the tool knows. sqlplus knows one, and none where it is down. */
  readonly instances: readonly InstanceOnNode[];
  /** Of the database that is mounted; absent where none is, or where the tool does not tell it. */
  readonly dbid?: string;
}

/**
 * What leaves datafiles consistent (rule 16) is asked for by its mode. Abort leaves them torn, so it can only be asked for
 * together with its repair (rule 17): abort, start restricted, open, shut down immediate. It is for policies that were
 * written down, never for a shutdown that is merely slow or refused (rule 20).
 */
export type ShutdownRequest =
  | { readonly mode: "normal" | "transactional" | "immediate" }
  | { readonly mode: "abort"; readonly afterwards: "start-restricted-and-shut-down" };

export interface StartupRequest {
  readonly to: "nomount" | "mount" | "open";
  readonly restricted?: boolean;
  /** With `to: "open"` only. */
  readonly readOnly?: boolean;
  /** Parameter file on the database host, instead of the SPFILE. */
  readonly pfile?: FilePath;
  /** What was seen right before this: it is not looked at again. Where it does not hold any more, the tool refuses. */
  readonly seen?: InstanceStatus;
}

export interface InstanceCall {
  /** For the whole call, however many programs it takes. SHUTDOWN waits for rollback: minutes may be right. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** False where the instance was in the wanted state already, and nothing was sent or nothing had to be done. */
export interface InstanceChange {
  readonly changed: boolean;
  /** What the tool said of the instance when it had done it; absent where that takes a look of its own. */
  readonly now?: InstanceStatus;
}

/**
 * Clusterware's own starting of a database that it finds down (rule 22). Both may be asked for twice. Errors as of
 * `InstanceControl`; a lost answer is asked for again by setting it again.
 */
export interface AutoRestart {
  read(call: InstanceCall): Promise<boolean>;
  set(on: boolean, call: InstanceCall): Promise<InstanceChange>;
}

/**
 * Starts and stops the instance of one database, by the operating system's word that we may: no password is involved.
 *
 * Every change may be asked for twice. A change that was asked for is not taken back by a missed deadline, an abort or the
 * death of the tool: the instance goes on by itself.
 *
 * Errors, all `UmbraError`:
 * - UMB-5303 with `lost: true`: the outcome is unknown. Ask `status` until it tells, before anything else is sent.
 * - UMB-5302: SHUTDOWN refused while files are in backup mode (ORA-01149); nothing changed.
 * - UMB-5301: refused with another ORA- code; STARTUP may have come as far as NOMOUNT or MOUNT: ask `status`.
 * - UMB-5305: the instance is in a state from which the wanted one is not reached without a SHUTDOWN, or somebody else is at
 *   work on it; nothing was changed.
 * - UMB-5304: the tool said something that is not understood; `lost` is true where it was sent to change something.
 * - UMB-72xx from `status` where its program did not end: nothing was changed.
 * - UMB-51xx no session with the database, where that is the way: nothing changed.
 * - UMB-5306 the program cannot be run, UMB-5307 the account may not administer the instance, UMB-5308 clusterware
 *   refused, UMB-5309 the tool cannot do that: nothing changed.
 */
export interface InstanceControl {
  /**
   * Reads only. `down` means that no instance of the configured ORACLE_HOME and SID (or database of the cluster) runs; a
   * wrong ORACLE_HOME or SID looks the same, so it proves nothing about the files (rule 23).
   */
  status(call: InstanceCall): Promise<InstanceStatus>;
  /**
   * Resolves when the instance is down. Down already is success, but for an abort, which may be the second attempt: there
   * the repair is always made. NORMAL waits for sessions to leave, TRANSACTIONAL for
   * their transactions, IMMEDIATE for rollback.
   */
  shutdown(request: ShutdownRequest, call: InstanceCall): Promise<InstanceChange>;
  /**
   * Resolves when the wanted state is reached; reached already is success, where `restricted` and `readOnly` agree. From
   * a lower state it goes on, where the tool can (UMB-5309).
   */
  startup(request: StartupRequest, call: InstanceCall): Promise<InstanceChange>;
  /** Absent where the tool knows no clusterware. */
  readonly autoRestart?: AutoRestart;
}
