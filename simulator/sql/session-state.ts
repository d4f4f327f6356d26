import type { Login, SessionPrivilege } from "../engine/engine.ts";
import type { Transaction } from "../instance/api.ts";

/** What the engine keeps of one session; rows of v$session are made of it. */
export interface SessionState {
  readonly sid: number;
  readonly serial: number;
  /** SYS, SYSBACKUP, PUBLIC or the account. */
  readonly user: string;
  readonly userId: number;
  readonly privilege: SessionPrivilege;
  readonly login: Login;
  readonly logonAt: Date;
  /** Start of the instance that the session belongs to: another one does not know it. */
  readonly instanceStartedAt: number;
  /** Container that the service led into. */
  readonly serviceConId: number;
  schema: string;
  conId: number;
  client: Record<string, string>;
  nls: Map<string, string>;
  busy: boolean;
  lastCallAt: Date;
  sqlText: string | null;
  /** Set by ALTER SYSTEM KILL SESSION: the next call ends with ORA-00028. */
  killed: boolean;
  /** The connection was ended from outside: by KILL IMMEDIATE, a shutdown or a crash. */
  dropped: boolean;
  closed: boolean;
  transaction: Transaction | undefined;
  /** Ends the running call, where there is one. */
  abort: (() => void) | undefined;
  /** DBMS_OUTPUT lines of the session. */
  readonly output: string[];
}
