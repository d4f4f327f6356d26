import type { Login, SessionPrivilege } from "../engine/engine.ts";
import type { Instance } from "../instance/api.ts";
import { OraError } from "../engine/ora-error.ts";
import type { AccountRecord } from "./accounts.ts";
import type { EngineCore } from "./core.ts";
import { openMode } from "./core.ts";
import { fail } from "./errors.ts";
import { sessionPrivileges } from "./privileges.ts";
import type { SessionState } from "./session-state.ts";

/** User that a session of an administrative privilege runs as. */
const RUNS_AS: Readonly<Partial<Record<SessionPrivilege, string>>> = {
  SYSDBA: "SYS",
  SYSOPER: "PUBLIC",
  SYSBACKUP: "SYSBACKUP",
  SYSDG: "SYSDG",
  SYSKM: "SYSKM",
  SYSRAC: "SYSRAC",
};

/** The checks that follow a proved password, in Oracle's order. Throws what keeps the login out. */
export function checkLogin(core: EngineCore, login: Login, conId: number): AccountRecord {
  const account = core.accounts.find(login.user);
  const { instance } = core;
  if (instance.state === "IDLE") throw notAvailable();
  if (account === undefined) throw fail(1017);
  if (instance.stopping !== undefined) throw fail(1090);
  if (login.user === "SYS" && login.privilege === "NORMAL") throw fail(28_009);
  if (login.privilege !== "NORMAL") {
    if (!account.administrative.includes(login.privilege)) throw fail(1017);
    // Password files since 12.2 know locks and expiry of all but SYS.
    if (login.user !== "SYS") checkUsable(account);
    return account;
  }
  checkOrdinary(core, account, conId);
  return account;
}

/** What holds back users without an administrative privilege. */
function checkOrdinary(core: EngineCore, account: AccountRecord, conId: number): void {
  const { instance } = core;
  if (instance.state !== "OPEN") throw fail(1033);
  checkUsable(account);
  if (
    account.container !== undefined &&
    core.instance.controlFile?.containers.find((record) => record.conId === conId)?.name !== account.container
  )
    throw fail(1017);
  if (conId > 1 && openMode(core, conId) === "MOUNTED") throw fail(1109);
  if (archiverIsStuck(instance)) throw fail(257);
}

function checkUsable(account: AccountRecord): void {
  if (account.locked) throw fail(28_000);
  if (account.expiresInDays !== undefined && account.expiresInDays <= 0) throw fail(28_001);
}

/** ORA-01035: a restricted instance lets in only who holds RESTRICTED SESSION. */
export function checkRestricted(core: EngineCore, state: SessionState): void {
  const restricted =
    core.instance.restricted || (state.conId > 1 && core.instance.pdbRestricted(state.conId));
  if (restricted && !sessionPrivileges(state, core.accounts).includes("RESTRICTED SESSION")) throw fail(1035);
}

export function runsAs(login: Login): string {
  return RUNS_AS[login.privilege] ?? login.user;
}

function notAvailable(): OraError {
  return new OraError(1034, "ORACLE not available", {
    below: [
      "ORA-27101: shared memory realm does not exist",
      "Linux-x86_64 Error: 2: No such file or directory",
    ],
  });
}

/** Every log that could be written next still waits for the archiver, and a destination reports why. */
function archiverIsStuck(instance: Instance): boolean {
  const control = instance.controlFile;
  if (control?.logMode !== "ARCHIVELOG") return false;
  const idle = control.logGroups.filter((group) => group.status !== "CURRENT");
  const failing = instance.archiveDestinations.some(
    (destination) => destination.status === "ERROR" || destination.status === "FULL",
  );
  return failing && idle.length > 0 && idle.every((group) => group.status !== "UNUSED" && !group.archived);
}
