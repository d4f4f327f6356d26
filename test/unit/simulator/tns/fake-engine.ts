import type {
  Account,
  Bind,
  Engine,
  EngineSession,
  ExecuteOptions,
  ExecuteResult,
  InstanceState,
  Login,
} from "../../../../simulator/engine/engine.ts";
import { OraError } from "../../../../simulator/engine/ora-error.ts";
import { answerStatement } from "./fake-statements.ts";

/** A small instance without a database behind it: enough for every kind of answer. */
export class FakeEngine implements Engine {
  readonly identity: Engine["identity"];
  readonly services = new Map<string, ReturnType<Engine["service"]>>([
    ["ORCL", "ready"],
    ["BLOCKED", "blocked"],
    ["LIMITED", "restricted"],
  ]);
  readonly accounts = new Map<string, Account>([
    ["SYS", { name: "SYS", password: "change_on_install" }],
    ["BACKUP", { name: "BACKUP", password: "b4ckup pässword" }],
    ["SCOTT", { name: "SCOTT", password: "tiger" }],
    ["OLD", { name: "OLD", password: "worn", expiresInDays: 0 }],
    ["SOON", { name: "SOON", password: "wearing", expiresInDays: 3 }],
  ]);
  readonly sessions: FakeSession[] = [];
  state: InstanceState = "OPEN";

  constructor(version: Engine["identity"]["version"] = [19, 21, 0, 0, 0]) {
    this.identity = {
      instanceName: "orcl1",
      dbName: "ORCL",
      dbUniqueName: "ORCL_A",
      host: "dbhost",
      version,
    };
  }

  service(name: string): ReturnType<Engine["service"]> {
    return this.services.get(name) ?? "unknown";
  }

  account(user: string): Account | undefined {
    return this.accounts.get(user);
  }

  changePassword(user: string, password: string): void {
    this.accounts.set(user, { name: user, password });
  }

  openSession(login: Login): EngineSession {
    const account = this.accounts.get(login.user);
    if ((account?.expiresInDays ?? 1) <= 0) throw new OraError(28_001, "the account has expired");
    if (login.user === "SYS" && login.privilege === "NORMAL") {
      throw new OraError(28_009, "connection as SYS should be as SYSDBA or SYSOPER");
    }
    if (login.user === "SCOTT" && login.privilege !== "NORMAL") {
      throw new OraError(1017, "invalid username/password; logon denied");
    }
    const session = new FakeSession(login, this.sessions.length + 100);
    this.sessions.push(session);
    return session;
  }
}

const sessionUsers: Readonly<Partial<Record<Login["privilege"], string>>> = {
  SYSDBA: "SYS",
  SYSOPER: "PUBLIC",
  SYSBACKUP: "SYSBACKUP",
};

export class FakeSession implements EngineSession {
  readonly sid: number;
  readonly serial = 4711;
  readonly user: string;
  readonly container = "";
  readonly login: Login;
  readonly statements: string[] = [];
  readonly described: string[] = [];
  clientInfo: Readonly<Record<string, string>> = {};
  inTransaction = false;
  currentSchema: string;
  commits = 0;
  closed = false;

  constructor(login: Login, sid: number) {
    this.login = login;
    this.sid = sid;
    this.user = sessionUsers[login.privilege] ?? login.user;
    this.currentSchema = this.user;
  }

  setClientInfo(values: Readonly<Record<string, string>>): void {
    this.clientInfo = { ...this.clientInfo, ...values };
  }

  async execute(sql: string, binds: readonly Bind[], options: ExecuteOptions): Promise<ExecuteResult> {
    if (options.describeOnly === true) this.described.push(sql);
    else this.statements.push(sql);
    return answerStatement(this, sql.trim().replaceAll(/\s+/g, " "), binds, options);
  }

  async commit(): Promise<void> {
    this.commits += 1;
    this.inTransaction = false;
  }

  async rollback(): Promise<void> {
    this.inTransaction = false;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.inTransaction = false;
  }
}
