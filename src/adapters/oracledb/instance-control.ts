import type { ConnectConfig, DatabaseConfig } from "../../domain/fleet.ts";
import { isUmbraError } from "../../errors/umbra-error.ts";
import type { Clock } from "../../ports/clock.ts";
import type {
  InstanceCall,
  InstanceChange,
  InstanceControl,
  ShutdownRequest,
  StartupRequest,
} from "../../ports/instance.ts";
import { abortAndRepair } from "../sqlplus/abort-and-repair.ts";
import { sharedDeadline } from "../sqlplus/deadline.ts";
import { type Errand, instanceError, refusal } from "../sqlplus/instance-error.ts";
import { oraCodes } from "../sqlplus/oracle-messages.ts";
import { startupStatements } from "../sqlplus/startup-commands.ts";
import { startupWay, startupWords } from "../sqlplus/startup-way.ts";
import { createOracledbConnector } from "./connector.ts";
import type { ThickConnection, ThickDriver } from "./driver.ts";
import { driverError, driverMessage } from "./driver-error.ts";
import { lookAtInstance } from "./instance-status.ts";
import { endConnection } from "./session.ts";
import { watched } from "./watchdog.ts";

export interface OracledbControlParts {
  /** `connect` of the database, with the string of a static service and a dedicated server (rule 28). */
  readonly database: DatabaseConfig;
  readonly privilege: "sysdba" | "sysoper";
  readonly password: () => Promise<string>;
  readonly clock: Clock;
  readonly driver: () => Promise<ThickDriver>;
}

/** The database was closed or dismounted already, or the instance is down. */
const NOT_OPEN = 1109;
const NOT_MOUNTED = 1507;
const NOT_AVAILABLE = 1034;

/**
 * Instance control through Oracle's client library, which the driver's thick mode needs (rule 27). Contract:
 * `InstanceControl`. The login for STARTUP and SHUTDOWN has its own privilege; `status` looks with the database's.
 */
export function createOracledbControl(parts: OracledbControlParts): InstanceControl {
  const connector = createOracledbConnector(parts.database, parts);
  const status = (left: () => InstanceCall) => lookAtInstance(connector, left);
  const startup = async (request: StartupRequest, left: () => InstanceCall): Promise<InstanceChange> => {
    const found = await status(left);
    const way = startupWay("oracledb", request, found);
    if (way === "nothing") return { changed: false };
    const errand: Errand = { program: "oracledb", action: startupWords(request), changes: true };
    if (way === "start") await startInstance(parts, errand, request, left());
    const from = way === "start" ? "nomount" : found.state;
    const statements = request.to === "nomount" ? [] : startupStatements(request, from);
    if (statements.length > 0) await performed(parts, errand, left(), 0, sent(statements));
    return { changed: true };
  };
  const shutdown = async (request: ShutdownRequest, left: () => InstanceCall): Promise<InstanceChange> => {
    if (request.mode !== "abort") return await shutDown(parts, request.mode, left());
    return await abortAndRepair({
      status: () => status(left),
      abort: () => shutDown(parts, "abort", left()),
      startRestricted: () => startup({ to: "open", restricted: true }, left),
      shutDownCleanly: () => shutDown(parts, "immediate", left()),
    });
  };
  return {
    status: (call) => status(sharedDeadline(parts.clock, call)),
    startup: (request, call) => startup(request, sharedDeadline(parts.clock, call)),
    shutdown: (request, call) => shutdown(request, sharedDeadline(parts.clock, call)),
  };
}

/** A preliminary session can start the instance and nothing else: MOUNT and OPEN need an ordinary one. */
async function startInstance(
  parts: OracledbControlParts,
  errand: Errand,
  { restricted, pfile }: StartupRequest,
  call: InstanceCall,
): Promise<void> {
  const options = { ...(restricted === true && { restrict: true }), ...(pfile !== undefined && { pfile }) };
  const { SYSPRELIM } = await parts.driver();
  await performed(parts, errand, call, SYSPRELIM, (connection) => connection.startup(options));
}

/** Two calls around CLOSE and DISMOUNT, but for an abort, which is one. */
async function shutDown(
  parts: OracledbControlParts,
  mode: "normal" | "transactional" | "immediate" | "abort",
  call: InstanceCall,
): Promise<InstanceChange> {
  const errand: Errand = { program: "oracledb", action: `shutdown ${mode}`, changes: true };
  const driver = await parts.driver();
  const modes = {
    normal: driver.SHUTDOWN_MODE_DEFAULT,
    transactional: driver.SHUTDOWN_MODE_TRANSACTIONAL,
    immediate: driver.SHUTDOWN_MODE_IMMEDIATE,
    abort: driver.SHUTDOWN_MODE_ABORT,
  };
  try {
    await performed(parts, errand, call, 0, async (connection) => {
      await connection.shutdown(modes[mode]);
      if (mode === "abort") return;
      await unless(NOT_OPEN, () => send(connection, "alter database close normal"));
      await unless(NOT_MOUNTED, () => send(connection, "alter database dismount"));
      await connection.shutdown(driver.SHUTDOWN_MODE_FINAL);
    });
    return { changed: true };
  } catch (error) {
    if (isUmbraError(error) && "ora" in error.context && error.context.ora === NOT_AVAILABLE)
      return { changed: false };
    throw error;
  }
}

/** In a session of its own. After the login nobody can say what became of a call that got no answer. */
async function performed(
  parts: OracledbControlParts,
  errand: Errand,
  call: InstanceCall,
  also: number,
  work: (connection: ThickConnection) => Promise<void>,
): Promise<void> {
  const driver = await parts.driver();
  const privilege = (parts.privilege === "sysdba" ? driver.SYSDBA : driver.SYSOPER) | also;
  let secret = "";
  let connection: ThickConnection | undefined;
  let left = false;
  const abandon = () => void (left = true);
  try {
    await watched({ clock: parts.clock, options: call, abandon, lost: false }, async () => {
      secret = await parts.password();
      connection = await driver.getConnection(attributes(parts.database.connect, secret, privilege, call));
      if (left) await endConnection(connection);
      else await work(connection);
    });
  } catch (error) {
    throw told(errand, error, { connected: connection !== undefined, secret });
  } finally {
    if (connection !== undefined) await endConnection(connection);
  }
}

function told(
  errand: Errand,
  error: unknown,
  { connected, secret }: { readonly connected: boolean; readonly secret: string },
): Error {
  // Before the login nothing was sent.
  if (!connected) return driverError(error, "connecting", [secret]);
  const text = driverMessage(error, [secret]);
  return refusal(errand, text) ?? instanceError("UMB-5303", errand, { text });
}

function attributes(
  connect: ConnectConfig,
  password: string,
  privilege: number,
  { deadlineMs }: InstanceCall,
) {
  const seconds = Math.max(1, Math.ceil(deadlineMs / 1000));
  const { connectString, user } = connect;
  const limits = { connectTimeout: seconds, transportConnectTimeout: seconds, expireTime: 0 };
  return { connectString, user, password, privilege, ...limits };
}

function sent(statements: readonly string[]) {
  return async (connection: ThickConnection) => {
    // They were written for sqlplus.
    for (const statement of statements) await send(connection, statement.replace(/;$/u, ""));
  };
}

async function send(connection: ThickConnection, sql: string): Promise<void> {
  await connection.execute(sql, {}, NO_ROWS);
}

const NO_ROWS = {
  outFormat: 0,
  maxRows: 0,
  fetchArraySize: 1,
  prefetchRows: 0,
  fetchTypeHandler: () => undefined,
};

async function unless(ora: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (oraCodes(driverMessage(error, []))[0] !== ora) throw error;
  }
}
