import type {
  Bind,
  EngineSession,
  ExecuteResult,
  SessionPrivilege,
} from "../../../../simulator/engine/engine.ts";
import { OraError } from "../../../../simulator/engine/ora-error.ts";
import type { SqlValue } from "../../../../simulator/engine/values.ts";
import { createEngine, type EngineOptions, type SimulatedEngine } from "../../../../simulator/sql/engine.ts";
import { FakeState, fakeInstance } from "./fake-instance.ts";

export interface Rig {
  readonly state: FakeState;
  readonly engine: SimulatedEngine;
  /** Opens a session: SYS as SYSDBA in the root unless said otherwise. */
  open(as?: {
    user?: string;
    privilege?: SessionPrivilege;
    service?: string;
    onKilled?: () => void;
  }): EngineSession;
}

export function makeRig(options: EngineOptions = {}, state: FakeState = new FakeState()): Rig {
  const engine = createEngine(fakeInstance(state), options);
  return {
    state,
    engine,
    open: ({ user = "SYS", privilege = "SYSDBA", service = "PROD1", onKilled } = {}) =>
      engine.openSession({
        user,
        privilege,
        service,
        program: "node",
        machine: "client1",
        osUser: "me",
        terminal: "t",
        ...(onKilled && { onKilled }),
      }),
  };
}

export function run(
  session: EngineSession,
  sql: string,
  binds: readonly (SqlValue | Bind)[] = [],
): Promise<ExecuteResult> {
  return session.execute(sql, binds.map(asBind), { signal: new AbortController().signal });
}

function asBind(given: SqlValue | Bind): Bind {
  return given !== null && typeof given === "object" && "value" in given ? given : { value: given };
}

/** Rows of a query, as plain arrays. */
export async function rows(
  session: EngineSession,
  sql: string,
  binds: readonly (SqlValue | Bind)[] = [],
): Promise<SqlValue[][]> {
  const result = await run(session, sql, binds);
  if (result.kind !== "query") throw new Error(`not a query: ${result.kind}`);
  return [...result.rows].map((row) => [...row]);
}

/** The first value of the first row. */
export async function value(
  session: EngineSession,
  sql: string,
  binds: readonly (SqlValue | Bind)[] = [],
): Promise<SqlValue | undefined> {
  return (await rows(session, sql, binds))[0]?.[0];
}

/** Code of the error that the statement ends with; 0 where it succeeds. */
export async function errorOf(
  session: EngineSession,
  sql: string,
  binds: readonly (SqlValue | Bind)[] = [],
): Promise<number> {
  try {
    await run(session, sql, binds);
    return 0;
  } catch (error) {
    if (error instanceof OraError) return error.code;
    throw error;
  }
}
