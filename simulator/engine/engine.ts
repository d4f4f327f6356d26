import type { Column, SqlValue } from "./values.ts";

/** What both doors (the TNS listener and the in-process one) are handed: an instance that runs SQL. */
export interface Engine {
  readonly identity: EngineIdentity;
  /** Listener's view of a service or SID (upper case): `blocked` is ORA-12528, `restricted` ORA-12526, `unknown` ORA-12514 or 12505. */
  service(name: string): "ready" | "blocked" | "restricted" | "unknown";
  /** State of the instance, for logins that never reach a session. */
  readonly state: InstanceState;
  /** The account's secret for the login exchange; undefined for an unknown user. Names are upper case unless quoted. */
  account(user: string): Account | undefined;
  changePassword(user: string, password: string): void;
  /**
   * After the password was proved. Throws OraError: 1034 idle, 1033 not open for a normal user, 1017 without the
   * privilege, 28009 SYS without one, 28000 locked, 28001 expired, 1035 restricted, 257 archiver stuck.
   */
  openSession(login: Login): EngineSession;
}

export type InstanceState = "IDLE" | "NOMOUNT" | "MOUNT" | "OPEN";

export interface EngineIdentity {
  readonly instanceName: string;
  readonly dbName: string;
  readonly dbUniqueName: string;
  readonly host: string;
  /** Five numbers: 19.21.0.0.0. */
  readonly version: readonly [number, number, number, number, number];
}

export interface Account {
  readonly name: string;
  readonly password: string;
  /** In days; 0 or less is expired (ORA-28001), up to 7 gives ORA-28002 as a warning. */
  readonly expiresInDays?: number;
}

export type SessionPrivilege =
  | "NORMAL"
  | "SYSDBA"
  | "SYSOPER"
  | "SYSBACKUP"
  | "SYSDG"
  | "SYSKM"
  | "SYSRAC"
  | "SYSASM";

export interface Login {
  readonly user: string;
  readonly privilege: SessionPrivilege;
  /** Upper case. Decides the container: the service of a PDB leads into it. */
  readonly service: string;
  readonly program: string;
  readonly machine: string;
  readonly osUser: string;
  readonly terminal: string;
  /** Called when ALTER SYSTEM KILL SESSION … IMMEDIATE, a shutdown or a crash ends the session from outside. */
  readonly onKilled?: (how: "drop") => void;
}

export interface Bind {
  /** Name without the colon, upper case; undefined when bound by position only. */
  readonly name?: string;
  readonly value: SqlValue;
}

export interface ExecuteOptions {
  /** Aborted by break, call timeout or a lost connection: the call ends with ORA-01013. */
  readonly signal: AbortSignal;
  /** Parse and describe only: rows of the result are empty. */
  readonly describeOnly?: boolean;
}

/** One user session. Calls never overlap. */
export interface EngineSession {
  readonly sid: number;
  readonly serial: number;
  /** SYS, SYSBACKUP, PUBLIC (SYSOPER) or the account's name. */
  readonly user: string;
  readonly container: string;
  /** True while a transaction is open: the protocol tells the driver. */
  readonly inTransaction: boolean;
  currentSchema: string;
  /** From the driver's end-to-end piggyback: MODULE, ACTION, CLIENT_ID, CLIENT_INFO. */
  setClientInfo(values: Readonly<Record<string, string>>): void;
  /** Binds are in order of first appearance for SQL, as the driver sends them. Throws OraError. */
  execute(sql: string, binds: readonly Bind[], options: ExecuteOptions): Promise<ExecuteResult>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Logoff or lost connection: open work is rolled back. */
  close(): Promise<void>;
}

export type ExecuteResult =
  | {
      readonly kind: "query";
      readonly columns: readonly Column[];
      readonly rows: Iterable<readonly SqlValue[]>;
    }
  | {
      readonly kind: "dml";
      readonly rowsAffected: number;
      readonly rowId?: { rba: number; partition: number; block: number; slot: number };
    }
  | { readonly kind: "ddl" }
  | { readonly kind: "plsql"; readonly out: ReadonlyMap<number, OutBind> };

/** Value of a bind after a PL/SQL block, by position. */
export interface OutBind {
  readonly direction: "out" | "in-out";
  readonly value: SqlValue;
}
