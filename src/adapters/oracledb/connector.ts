import type { ConnectConfig, Privilege } from "../../domain/fleet.ts";
import { type ContainerName, ROOT } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CallOptions, Database, DatabaseConnector } from "../../ports/database.ts";
import { type Driver, type DriverConnection, loadDriver } from "./driver.ts";
import { driverError, driverMessage } from "./driver-error.ts";
import { endConnection, OracledbSession, type SessionParts } from "./session.ts";
import { watched } from "./watchdog.ts";

export interface OracledbParts {
  /** Asked at each connect, so that a rotated password works. */
  readonly password: () => Promise<string>;
  readonly clock: Clock;
  readonly driver?: Driver | (() => Promise<Driver>);
  /** A login that succeeded with a warning: ORA-28002, the password expires soon. */
  readonly onWarning?: (message: string) => void;
}

/** What of a database's configuration is needed to log in; the secret is asked for at each login. */
interface Login {
  readonly connect: Omit<ConnectConfig, "password">;
}

/** Minutes between TCP probes: a firewall forgets an idle connection while a long copy runs. */
const PROBE_MINUTES = 2;

/** Sessions on one database through the driver. Contract: `DatabaseConnector`. */
export function createOracledbConnector(database: Login, given: OracledbParts): DatabaseConnector {
  const parts = { ...given, ...toldOnce(given.onWarning) };
  return {
    connect: async (options) => {
      const endAt = parts.clock.monotonicMs() + options.deadlineMs;
      const left = (): CallOptions => ({
        ...options,
        deadlineMs: Math.max(1, endAt - parts.clock.monotonicMs()),
      });
      const session = await logIn(database, parts, left());
      return await enter(session, options.container, left);
    },
  };
}

/** Each of a run's many logins brings the same warning. */
function toldOnce(tell: OracledbParts["onWarning"]): Pick<OracledbParts, "onWarning"> {
  if (tell === undefined) return {};
  const told = new Set<string>();
  const onWarning = (message: string) => {
    if (told.has(message)) return;
    told.add(message);
    tell(message);
  };
  return { onWarning };
}

async function logIn(database: Login, parts: OracledbParts, options: CallOptions): Promise<SessionParts> {
  const { clock } = parts;
  const driver = await loaded(parts.driver ?? loadDriver);
  let secret = "";
  let abandoned = false;
  const opened = async (): Promise<DriverConnection> => {
    secret = await parts.password();
    const connection = await driver.getConnection(attributes(driver, database, secret, options.deadlineMs));
    // Nobody waits for it any more: it must not stay open.
    if (abandoned) await endConnection(connection);
    return connection;
  };
  const abandon = () => (abandoned = true);
  try {
    const connection = await watched({ clock, options, abandon, lost: false }, opened);
    if (connection.warning) parts.onWarning?.(driverMessage(connection.warning, [secret]));
    return { driver, connection, clock, secrets: [secret] };
  } catch (error) {
    throw driverError(error, "connecting", [secret]);
  }
}

async function loaded(driver: NonNullable<OracledbParts["driver"]>): Promise<Driver> {
  return typeof driver === "function" ? await driver() : driver;
}

function attributes(driver: Driver, { connect }: Login, password: string, deadlineMs: number) {
  const privilege = privilegeOf(driver, connect.privilege);
  const seconds = Math.max(1, Math.ceil(deadlineMs / 1000));
  return {
    connectString: connect.connectString,
    user: connect.user,
    password,
    connectTimeout: seconds,
    transportConnectTimeout: seconds,
    expireTime: PROBE_MINUTES,
    ...(privilege === undefined ? {} : { privilege }),
  };
}

function privilegeOf(driver: Driver, privilege: Privilege): number | undefined {
  switch (privilege) {
    case "normal":
      return undefined;
    case "sysdba":
      return driver.SYSDBA;
    case "sysbackup":
      return driver.SYSBACKUP;
    case "sysoper":
      return driver.SYSOPER;
  }
}

/** A dedicated session in the container, checked to be in it (rule 106). */
async function enter(
  parts: SessionParts,
  container: ContainerName | undefined,
  left: () => CallOptions,
): Promise<Database> {
  const session = new OracledbSession(parts, container ?? ROOT);
  try {
    const found = await currentContainer(session, left());
    if (container === undefined) return new OracledbSession(parts, found);
    if (found === container) return session;
    await session.execute(`alter session set container = "${quotable(container)}"`, left());
    const now = await currentContainer(session, left());
    if (now === container) return session;
    const message = "ALTER SESSION SET CONTAINER did not lead there";
    throw new UmbraError("UMB-5205", { ora: null, message, lost: false, wanted: container, found: now });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** CDB$ROOT for a database without containers too. */
async function currentContainer(session: Database, options: CallOptions): Promise<ContainerName> {
  const sql =
    "select sys_context('USERENV', 'CON_NAME') as con_name, sys_context('USERENV', 'CON_ID') as con_id from dual";
  const row = (await session.query(sql, {}, options))[0];
  const id = String(row?.["con_id"] ?? "0");
  return id === "0" || id === "1" ? ROOT : (String(row?.["con_name"]) as ContainerName);
}

function quotable(container: ContainerName): string {
  if (!/["\0]/.test(container)) return container;
  throw new UmbraError("UMB-1001", { what: "a container's name holds a quote" });
}
