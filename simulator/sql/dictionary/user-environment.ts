import { containerName, rootId } from "../core.ts";
import type { ViewWorld } from "./view.ts";

/** SYS_CONTEXT('USERENV', name). undefined for a parameter that is not known. */
export function userEnvironment(world: ViewWorld, name: string): string | null | undefined {
  const read = values[name];
  return read === undefined ? undefined : read(world);
}

const SHOWN: readonly string[] = ["SYSDBA", "SYSOPER"];

const values: Readonly<Record<string, (world: ViewWorld) => string | null>> = {
  SESSION_USER: ({ session }) => session.user,
  CURRENT_USER: ({ session }) => session.user,
  CURRENT_SCHEMA: ({ session }) => session.schema,
  AUTHENTICATED_IDENTITY: ({ session }) => session.login.user,
  AUTHENTICATION_METHOD: () => "PASSWORD",
  IDENTIFICATION_TYPE: () => "LOCAL",
  ISDBA: ({ session }) => (SHOWN[0] === session.privilege ? "TRUE" : "FALSE"),
  SESSION_USERID: ({ session }) => String(session.userId),
  CURRENT_USERID: ({ session }) => String(session.userId),
  SID: ({ session }) => String(session.sid),
  SESSIONID: ({ session }) =>
    session.privilege === "NORMAL" ? String(100_000 + session.serial) : "4294967295",
  CON_ID: ({ session, core }) => String(session.conId === 0 ? rootId(core) : session.conId),
  CON_NAME: ({ session, core }) => containerName(core, session.conId),
  CDB_NAME: ({ core }) => (rootId(core) === 1 ? core.identity.dbName : null),
  DB_NAME: ({ session, core }) =>
    session.conId > 1 ? containerName(core, session.conId) : core.identity.dbName,
  DB_UNIQUE_NAME: ({ core }) => core.identity.dbUniqueName,
  DB_DOMAIN: () => null,
  DATABASE_ROLE: ({ core }) =>
    core.instance.controlFile?.type === "STANDBY" ? "PHYSICAL STANDBY" : "PRIMARY",
  INSTANCE: ({ core }) => String(core.instance.openInstances[0]?.number ?? 1),
  INSTANCE_NAME: ({ core }) => core.identity.instanceName,
  SERVER_HOST: ({ core }) => core.identity.host.split(".")[0] ?? core.identity.host,
  HOST: ({ session }) => session.login.machine,
  IP_ADDRESS: () => "127.0.0.1",
  NETWORK_PROTOCOL: () => "tcp",
  OS_USER: ({ session }) => session.login.osUser,
  TERMINAL: ({ session }) => session.login.terminal,
  MODULE: ({ session }) => session.client["MODULE"] ?? session.login.program,
  ACTION: ({ session }) => session.client["ACTION"] ?? null,
  CLIENT_INFO: ({ session }) => session.client["CLIENT_INFO"] ?? null,
  CLIENT_IDENTIFIER: ({ session }) => session.client["CLIENT_ID"] ?? null,
  CLIENT_PROGRAM_NAME: ({ session }) => session.login.program,
  PROXY_USER: () => null,
  SERVICE_NAME: ({ session }) => session.login.service.toLowerCase(),
  LANG: () => "US",
  LANGUAGE: () => "AMERICAN_AMERICA.AL32UTF8",
  NLS_DATE_FORMAT: ({ session }) => session.nls.get("NLS_DATE_FORMAT") ?? null,
  ORACLE_HOME: ({ core }) => core.instance.parameters.get("oracle_home") ?? null,
  CURRENT_EDITION_NAME: () => "ORA$BASE",
};
