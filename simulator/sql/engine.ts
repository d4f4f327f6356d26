import type {
  Account,
  Engine,
  EngineIdentity,
  EngineSession,
  InstanceState,
  Login,
} from "../engine/engine.ts";
import type { Instance } from "../instance/api.ts";
import { AccountBook, defaultAccounts, type AccountSpec } from "./accounts.ts";
import type { EngineCore } from "./core.ts";
import { checkLogin, checkRestricted, runsAs } from "./login.ts";
import { SqlDatabase } from "./runtime/database.ts";
import { ServiceTable } from "./services.ts";
import { Session } from "./session.ts";
import { SessionRegistry } from "./session-registry.ts";
import type { SessionState } from "./session-state.ts";

export interface EngineOptions {
  /** Default: SYS, SYSTEM, C##UMBRA with SYSBACKUP, APP. */
  readonly accounts?: readonly AccountSpec[];
  /** Host name that views show; default `dbhost`. */
  readonly host?: string;
  readonly instanceName?: string;
  readonly dbName?: string;
  readonly dbUniqueName?: string;
  /** Further service names, each with the container that it leads to. */
  readonly services?: Readonly<Record<string, string>>;
  /** Services that the listener knows from its own file: ready in every state of the instance. */
  readonly staticServices?: readonly string[];
  /** Offset of the database host; default 0. Times in files are UTC whatever it says. */
  readonly zoneMinutes?: number;
}

/** The engine with what tools beside the listener need: sqlplus, srvctl, faults. */
export interface SimulatedEngine extends Engine {
  readonly accounts: AccountBook;
  /** Sessions that are open now, lowest SID first. */
  readonly sessions: readonly { readonly sid: number; readonly serial: number; readonly user: string }[];
  /** Ends all sessions from outside, as a crash does: their connections drop. */
  dropSessions(): Promise<void>;
  /** SHUTDOWN as a tool runs it: ends sessions as the mode says, then stops the instance. NORMAL waits for them to leave. */
  shutdown(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT"): Promise<void>;
}

const SESSION_NLS: Readonly<Record<string, string>> = {
  NLS_LANGUAGE: "AMERICAN",
  NLS_TERRITORY: "AMERICA",
  NLS_CURRENCY: "$",
  NLS_ISO_CURRENCY: "AMERICA",
  NLS_NUMERIC_CHARACTERS: ".,",
  NLS_CALENDAR: "GREGORIAN",
  NLS_DATE_FORMAT: "DD-MON-RR",
  NLS_DATE_LANGUAGE: "AMERICAN",
  NLS_SORT: "BINARY",
  NLS_TIMESTAMP_FORMAT: "DD-MON-RR HH.MI.SSXFF AM",
  NLS_TIMESTAMP_TZ_FORMAT: "DD-MON-RR HH.MI.SSXFF AM TZR",
  NLS_COMP: "BINARY",
};

export function createEngine(instance: Instance, options: EngineOptions = {}): SimulatedEngine {
  return new InstanceEngine(instance, options);
}

class InstanceEngine implements SimulatedEngine {
  readonly accounts: AccountBook;
  readonly #core: EngineCore;
  readonly #services: ServiceTable;

  constructor(instance: Instance, options: EngineOptions) {
    this.accounts = new AccountBook(options.accounts ?? defaultAccounts);
    const sessions = new SessionRegistry();
    this.#core = {
      instance,
      accounts: this.accounts,
      sessions,
      database: new SqlDatabase(),
      identity: identityOf(instance, options),
      zoneMinutes: options.zoneMinutes ?? 0,
      drop: (which) => drop(this.#core, which),
    };
    // SHUTDOWN waits for them, or ends them.
    instance.sessions = { active: () => sessions.all().length, endAll: () => this.dropSessions() };
    this.#services = new ServiceTable(this.#core, options.services ?? {}, options.staticServices ?? []);
  }

  get identity(): EngineIdentity {
    return this.#core.identity;
  }

  get state(): InstanceState {
    return this.#core.instance.state;
  }

  get sessions(): readonly SessionState[] {
    return this.#core.sessions.all();
  }

  service(name: string): ReturnType<Engine["service"]> {
    return this.#services.resolve(name).status;
  }

  account(user: string): Account | undefined {
    return this.accounts.login(user);
  }

  changePassword(user: string, password: string): void {
    const account = this.accounts.get(user);
    account.password = password;
    account.expiresInDays = undefined;
  }

  openSession(login: Login): EngineSession {
    const { conId } = this.#services.resolve(login.service);
    const account = checkLogin(this.#core, login, conId);
    const state = this.#newSession(login, account.id, conId);
    if (login.privilege === "NORMAL") checkRestricted(this.#core, state);
    this.#core.sessions.add(state);
    return new Session(this.#core, state);
  }

  #newSession(login: Login, userId: number, conId: number): SessionState {
    const user = runsAs(login);
    const now = this.#core.instance.now();
    return {
      ...this.#core.sessions.identify(),
      user,
      userId: login.privilege === "NORMAL" ? userId : 0,
      privilege: login.privilege,
      login,
      logonAt: now,
      instanceStartedAt: this.#core.instance.startedAt.getTime(),
      serviceConId: conId,
      schema: login.privilege === "NORMAL" || user === "PUBLIC" ? user : "SYS",
      conId,
      client: {},
      nls: new Map(Object.entries(SESSION_NLS)),
      busy: false,
      lastCallAt: now,
      sqlText: null,
      killed: false,
      dropped: false,
      closed: false,
      transaction: undefined,
      abort: undefined,
      output: [],
    };
  }

  async dropSessions(): Promise<void> {
    await this.#core.drop(() => true);
  }

  async shutdown(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT"): Promise<void> {
    await this.#core.instance.shutdown(mode);
    await this.dropSessions();
  }
}

/** A SHUTDOWN rolls back by itself, at its own pace, what the sessions leave behind. */
async function drop({ instance, sessions }: EngineCore, which: (sid: number) => boolean): Promise<void> {
  for (const session of sessions.all().filter((candidate) => which(candidate.sid))) {
    session.dropped = true;
    session.abort?.();
    const transaction = session.transaction;
    session.transaction = undefined;
    sessions.remove(session);
    if (instance.stopping === undefined) await transaction?.rollback().catch(() => undefined);
    session.login.onKilled?.("drop");
  }
}

function identityOf(instance: Instance, options: EngineOptions): EngineIdentity {
  const { parameters } = instance;
  const dbName = () =>
    options.dbName ?? instance.controlFile?.dbName ?? parameters.get("db_name")?.toUpperCase() ?? "ORCL";
  return {
    get dbName() {
      return dbName();
    },
    get dbUniqueName() {
      return options.dbUniqueName ?? instance.parameters.get("db_unique_name") ?? dbName();
    },
    get instanceName() {
      return options.instanceName ?? instance.parameters.get("instance_name") ?? dbName();
    },
    host: options.host ?? "dbhost",
    version: instance.profile.version,
  };
}
