import { type ContainerName, ROOT } from "../../src/domain/names.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import { databaseError } from "../../src/errors/database-error.ts";
import type { CallOptions, Database, DatabaseConnector } from "../../src/ports/database.ts";
import type { Engine, EngineSession, SessionPrivilege } from "../engine/engine.ts";
import { OraError } from "../engine/ora-error.ts";
import type { DoorFaults } from "./in-process-faults.ts";
import { InProcessSession } from "./in-process-session.ts";

export interface InProcessOptions {
  readonly engine: Engine;
  readonly user: string;
  readonly password: string;
  readonly privilege: SessionPrivilege;
  /** The service of the whole database unless told: its DB_UNIQUE_NAME. */
  readonly service?: string;
  readonly faults?: DoorFaults;
}

/** The second door: the agent's connector over the SQL engine in the same process. No sockets; thousands of runs a minute. */
export function inProcessConnector(options: InProcessOptions): DatabaseConnector {
  let calls = 0;
  const nextCall = () => (calls += 1);
  return {
    connect: (request) =>
      withinDeadline(request, (isAbandoned) =>
        connect(options, request.container, { nextCall, isAbandoned }),
      ),
  };
}

interface Wiring {
  readonly nextCall: () => number;
  /** True when nobody waits for the session any more: then it must not stay open. */
  readonly isAbandoned: () => boolean;
}

async function connect(
  options: InProcessOptions,
  container: ContainerName | undefined,
  wiring: Wiring,
): Promise<Database> {
  const faults = options.faults ?? {};
  const { session, dropped } = await made(options);
  try {
    const entered = await enter(session, container);
    if (wiring.isAbandoned()) throw cancelled();
    return new InProcessSession(session, { container: entered, faults, nextCall: wiring.nextCall, dropped });
  } catch (error) {
    await session.close().catch(() => undefined);
    throw error;
  }
}

/** Before there is a session nothing can be lost: other errors than refusals are of the connection. */
async function made(options: InProcessOptions): Promise<{ session: EngineSession; dropped: Promise<never> }> {
  try {
    await options.faults?.connecting?.();
    return logIn(options);
  } catch (error) {
    if (!(error instanceof OraError)) throw error;
    const refusal = databaseError(error.code, error.message, { cause: error });
    if (refusal.code !== "UMB-5201" && refusal.code !== "UMB-5202") throw refusal;
    throw new UmbraError(
      "UMB-5101",
      { ora: error.code, message: error.message, lost: false },
      { cause: error },
    );
  }
}

function logIn(options: InProcessOptions): { session: EngineSession; dropped: Promise<never> } {
  const { engine } = options;
  const service = (options.service ?? engine.identity.dbUniqueName).toUpperCase();
  askListener(engine, service);
  const user = options.user.toUpperCase();
  if (engine.account(user)?.password !== options.password)
    throw new OraError(1017, "invalid username/password; logon denied");
  const drop = Promise.withResolvers<never>();
  // Nobody may be waiting when the session is killed.
  drop.promise.catch(() => undefined);
  const onKilled = () => drop.reject(new OraError(3113, "end-of-file on communication channel"));
  const client = { program: "umbra", machine: engine.identity.host, osUser: "oracle", terminal: "unknown" };
  return {
    session: engine.openSession({ user, privilege: options.privilege, service, ...client, onKilled }),
    dropped: drop.promise,
  };
}

function askListener(engine: Engine, service: string): void {
  const state = engine.service(service);
  if (state === "unknown")
    throw new OraError(
      12_514,
      "TNS:listener does not currently know of service requested in connect descriptor",
    );
  if (state === "blocked")
    throw new OraError(12_528, "TNS:listener: all appropriate instances are blocking new connections");
  if (state === "restricted")
    throw new OraError(12_526, "TNS:listener: all appropriate instances are in restricted mode");
}

/** CDB$ROOT stands for a database without containers too, where there is nothing to enter. */
async function enter(session: EngineSession, container: ContainerName | undefined): Promise<ContainerName> {
  if (session.container === (container ?? ROOT)) return session.container as ContainerName;
  if ((container ?? ROOT) === ROOT && !(await hasContainers(session))) return ROOT;
  if (container === undefined) return session.container as ContainerName;
  await session.execute(`ALTER SESSION SET CONTAINER = "${container}"`, [], {
    signal: new AbortController().signal,
  });
  if (session.container === container) return container;
  const message = "ALTER SESSION SET CONTAINER did not lead there";
  throw new UmbraError("UMB-5205", {
    ora: null,
    message,
    lost: false,
    wanted: container,
    found: session.container,
  });
}

async function hasContainers(session: EngineSession): Promise<boolean> {
  const sql = "select sys_context('USERENV', 'CON_ID') as con_id from dual";
  const result = await session.execute(sql, [], { signal: new AbortController().signal });
  return result.kind === "query" && Number(Array.from(result.rows)[0]?.[0] ?? 0) !== 0;
}

async function withinDeadline(
  options: CallOptions,
  work: (isAbandoned: () => boolean) => Promise<Database>,
): Promise<Database> {
  const late = Promise.withResolvers<never>();
  let abandoned = false;
  const give = (error: UmbraError) => {
    abandoned = true;
    late.reject(error);
  };
  const { deadlineMs } = options;
  const missed = () =>
    give(
      new UmbraError("UMB-5203", { ora: null, message: "no session was opened", lost: false, deadlineMs }),
    );
  const timer = setTimeout(missed, deadlineMs);
  const cancel = () => give(cancelled());
  options.signal?.addEventListener("abort", cancel, { once: true });
  try {
    if (options.signal?.aborted === true) throw cancelled();
    return await Promise.race([work(() => abandoned), late.promise]);
  } catch (error) {
    throw error instanceof OraError ? databaseError(error.code, error.message, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", cancel);
  }
}

function cancelled(): UmbraError {
  return databaseError(1013, "ORA-01013: user requested cancel of current operation");
}
