import type {
  Bind,
  Engine,
  EngineSession,
  ExecuteResult,
  Login,
} from "../../../../simulator/engine/engine.ts";
import { OraError } from "../../../../simulator/engine/ora-error.ts";

export interface Executed {
  readonly sql: string;
  readonly binds: readonly Bind[];
}

/** An engine that answers from a function, and counts what is open. */
export class FakeEngine implements Engine {
  readonly identity = {
    instanceName: "orcl",
    dbName: "ORCL",
    dbUniqueName: "orcl",
    host: "db1",
    version: [19, 21, 0, 0, 0] as const,
  };
  readonly state = "OPEN";
  readonly executed: Executed[] = [];
  readonly logins: Login[] = [];
  openSessions = 0;
  running = 0;
  mostRunning = 0;
  serviceState: "ready" | "blocked" | "restricted" | "unknown" = "ready";
  answer: (sql: string, signal: AbortSignal) => ExecuteResult | Promise<ExecuteResult> = () => ({
    kind: "ddl",
  });

  service(): "ready" | "blocked" | "restricted" | "unknown" {
    return this.serviceState;
  }

  account(user: string) {
    return user === "UMBRA" ? { name: "UMBRA", password: "secret" } : undefined;
  }

  changePassword(): void {}

  openSession(login: Login): EngineSession {
    this.logins.push(login);
    this.openSessions += 1;
    const answer = async (sql: string, binds: readonly Bind[], signal: AbortSignal) =>
      this.#execute(session, { sql, binds }, signal);
    const session = {
      sid: 7,
      serial: 1,
      user: login.user,
      container: "CDB$ROOT",
      inTransaction: false,
      currentSchema: login.user,
      setClientInfo: () => undefined,
      execute: (sql: string, binds: readonly Bind[], options: { signal: AbortSignal }) =>
        answer(sql, binds, options.signal),
      commit: async () => undefined,
      rollback: async () => undefined,
      close: async () => {
        this.openSessions -= 1;
      },
    };
    return session;
  }

  async #execute(
    session: { container: string },
    executed: Executed,
    signal: AbortSignal,
  ): Promise<ExecuteResult> {
    this.executed.push(executed);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      const container = /^ALTER SESSION SET CONTAINER = "(.+)"$/u.exec(executed.sql)?.[1];
      const result = await this.answer(executed.sql, signal);
      if (container !== undefined) session.container = container;
      return result;
    } finally {
      this.running -= 1;
    }
  }
}

/** What the engine does with a statement that is cancelled: it ends with ORA-01013. */
export function untilCancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const cancel = () => reject(new OraError(1013, "user requested cancel of current operation"));
    signal.addEventListener("abort", cancel, { once: true });
  });
}

export function oneRow(row: Readonly<Record<string, string | number | null>>): ExecuteResult {
  const columns = Object.keys(row).map((name) => ({
    name,
    type: "VARCHAR2" as const,
    size: 100,
    nullable: true,
  }));
  return { kind: "query", columns, rows: [Object.values(row)] };
}
