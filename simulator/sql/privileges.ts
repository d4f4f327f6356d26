import type { AccountBook } from "./accounts.ts";
import { fail } from "./errors.ts";
import type { SessionState } from "./session-state.ts";

const DBA = [
  "ADMINISTER ANY SQL TUNING SET",
  "ALTER ANY TABLE",
  "ALTER DATABASE",
  "ALTER SESSION",
  "ALTER SYSTEM",
  "ALTER TABLESPACE",
  "ALTER USER",
  "CREATE ANY TABLE",
  "CREATE PLUGGABLE DATABASE",
  "CREATE SESSION",
  "CREATE TABLE",
  "CREATE TABLESPACE",
  "CREATE USER",
  "DELETE ANY TABLE",
  "DROP ANY TABLE",
  "DROP TABLESPACE",
  "DROP USER",
  "FLASHBACK ANY TABLE",
  "GRANT ANY PRIVILEGE",
  "INSERT ANY TABLE",
  "MANAGE TABLESPACE",
  "RESTRICTED SESSION",
  "SELECT ANY DICTIONARY",
  "SELECT ANY TABLE",
  "SET CONTAINER",
  "UNLIMITED TABLESPACE",
  "UPDATE ANY TABLE",
] as const;

/** What an administrative login carries, as session_privs shows it. */
const ADMINISTRATIVE: Readonly<Record<string, readonly string[]>> = {
  SYSDBA: [...DBA, "SYSDBA", "SYSOPER", "SYSBACKUP", "CREATE CONTROLFILE"],
  SYSBACKUP: [
    "ALTER DATABASE",
    "ALTER SESSION",
    "ALTER SYSTEM",
    "ALTER TABLESPACE",
    "AUDIT ANY",
    "CREATE ANY CLUSTER",
    "CREATE ANY DIRECTORY",
    "CREATE ANY TABLE",
    "CREATE CONTROLFILE",
    "CREATE SESSION",
    "DROP TABLESPACE",
    "RESTRICTED SESSION",
    "RESUMABLE",
    "SELECT ANY DICTIONARY",
    "SELECT ANY TRANSACTION",
    "SET CONTAINER",
    "SYSBACKUP",
    "UNLIMITED TABLESPACE",
  ],
  SYSOPER: [
    "ALTER DATABASE",
    "ALTER SYSTEM",
    "ALTER SESSION",
    "CREATE SESSION",
    "RESTRICTED SESSION",
    "SYSOPER",
  ],
  SYSDG: [
    "ALTER DATABASE",
    "ALTER SESSION",
    "ALTER SYSTEM",
    "CREATE SESSION",
    "RESTRICTED SESSION",
    "SELECT ANY DICTIONARY",
    "SYSDG",
  ],
  SYSKM: ["ADMINISTER KEY MANAGEMENT", "CREATE SESSION", "SYSKM"],
};
const ROLES: Readonly<Record<string, readonly string[]>> = {
  DBA: [...DBA],
  CONNECT: ["CREATE SESSION", "SET CONTAINER"],
  RESOURCE: ["CREATE TABLE"],
  SELECT_CATALOG_ROLE: [],
};

/** System privileges of the session, sorted. */
export function sessionPrivileges(session: SessionState, accounts: AccountBook): readonly string[] {
  const administrative = ADMINISTRATIVE[session.privilege];
  if (administrative !== undefined) return administrative.toSorted();
  const held = new Set(["CREATE SESSION"]);
  for (const grant of accounts.find(session.user)?.grants ?? []) {
    const inRole = Object.hasOwn(ROLES, grant) ? ROLES[grant] : undefined;
    if (inRole) for (const privilege of inRole) held.add(privilege);
    else if (!grant.includes(" ON ")) held.add(grant);
  }
  return [...held].toSorted();
}

export function sessionRoles(session: SessionState, accounts: AccountBook): readonly string[] {
  if (session.privilege === "SYSBACKUP") return ["HS_ADMIN_SELECT_ROLE", "SELECT_CATALOG_ROLE"];
  if (session.privilege === "SYSDBA") return ["DBA", "RESOURCE", "SELECT_CATALOG_ROLE"];
  return [...(accounts.find(session.user)?.grants ?? [])]
    .filter((grant) => Object.hasOwn(ROLES, grant))
    .toSorted();
}

export function holds(session: SessionState, accounts: AccountBook, privilege: string): boolean {
  return sessionPrivileges(session, accounts).includes(privilege);
}

/** ORA-01031 without at least one of the privileges. */
export function requirePrivilege(
  session: SessionState,
  accounts: AccountBook,
  ...privileges: readonly string[]
): void {
  if (!privileges.some((privilege) => holds(session, accounts, privilege))) throw fail(1031);
}

/** V$ and DBA_ views: SYSOPER and ordinary users do not see them (ORA-00942). */
export function seesDictionary(session: SessionState, accounts: AccountBook): boolean {
  return (
    holds(session, accounts, "SELECT ANY DICTIONARY") ||
    sessionRoles(session, accounts).some((role) => role === "SELECT_CATALOG_ROLE" || role === "DBA")
  );
}

/** SELECT, INSERT, UPDATE or DELETE on a user table. */
export function seesTable(
  session: SessionState,
  accounts: AccountBook,
  verb: string,
  owner: string,
  table: string,
): boolean {
  if (session.user === owner || holds(session, accounts, `${verb} ANY TABLE`)) return true;
  return accounts.find(session.user)?.grants.has(`${verb} ON ${owner}.${table}`) === true;
}
