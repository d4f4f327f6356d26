import { setTimeout as sleep } from "node:timers/promises";

import { OraError } from "../../engine/ora-error.ts";
import type { SqlValue } from "../../engine/values.ts";
import type { ServiceAction } from "../../instance/services.ts";
import { fail } from "../errors.ts";
import { numberText } from "../runtime/stored-value.ts";
import type { StatementWorld } from "../statements/statement.ts";

type Procedure = (world: StatementWorld, args: readonly SqlValue[]) => Promise<void>;

const text = (value: SqlValue | undefined): string => {
  if (value === null || value === undefined) return "";
  return typeof value === "object"
    ? ""
    : numberText(typeof value === "boolean" ? (value ? "TRUE" : "FALSE") : value);
};

async function pause(world: StatementWorld, seconds: SqlValue | undefined): Promise<void> {
  try {
    await sleep(Number(seconds ?? 0) * 1000, undefined, { signal: world.signal });
  } catch {
    throw fail(1013);
  }
}

function putLine(world: StatementWorld, value: SqlValue | undefined): Promise<void> {
  world.session.output.push(text(value));
  return Promise.resolve();
}

function client(...names: readonly string[]): Procedure {
  return (world, args) => {
    for (const [index, name] of names.entries()) world.session.client[name] = text(args[index]);
    return Promise.resolve();
  };
}

/** Service name, and for CREATE the network name. In the container of the session. */
function service(action: ServiceAction): Procedure {
  return async ({ core, session }, [name, networkName]) => {
    const named = networkName == null || action !== "CREATE" ? {} : { networkName: text(networkName) };
    await core.instance.changeService(session.conId, { name: text(name), ...named }, action);
  };
}

const nothing: Procedure = () => Promise.resolve();

/** Procedures of Oracle's packages that blocks may call. */
export const procedures: Readonly<Record<string, Procedure>> = {
  "DBMS_SESSION.SLEEP": (world, [seconds]) => pause(world, seconds),
  "DBMS_LOCK.SLEEP": (world, [seconds]) => pause(world, seconds),
  "DBMS_OUTPUT.PUT_LINE": (world, [line]) => putLine(world, line),
  "DBMS_OUTPUT.ENABLE": nothing,
  "DBMS_OUTPUT.DISABLE": nothing,
  "DBMS_SESSION.SET_IDENTIFIER": client("CLIENT_ID"),
  "DBMS_APPLICATION_INFO.SET_MODULE": client("MODULE", "ACTION"),
  "DBMS_APPLICATION_INFO.SET_ACTION": client("ACTION"),
  "DBMS_APPLICATION_INFO.SET_CLIENT_INFO": client("CLIENT_INFO"),
  "DBMS_SERVICE.CREATE_SERVICE": service("CREATE"),
  "DBMS_SERVICE.DELETE_SERVICE": service("DELETE"),
  "DBMS_SERVICE.START_SERVICE": service("START"),
  "DBMS_SERVICE.STOP_SERVICE": service("STOP"),
  RAISE_APPLICATION_ERROR: (_, [code, message]) =>
    Promise.reject(applicationError(Number(code), text(message))),
};

function applicationError(code: number, message: string): OraError {
  if (code > -20_000 || code < -20_999)
    return new OraError(
      21_000,
      `error number argument to raise_application_error of ${code} is out of range`,
    );
  return new OraError(-code, message);
}
