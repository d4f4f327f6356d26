import type { OsGroup } from "../program.ts";

/** Privileges that the operating system can vouch for. */
export type OsPrivilege = "SYSDBA" | "SYSOPER" | "SYSBACKUP";

export const groupOf: Readonly<Record<OsPrivilege, OsGroup>> = {
  SYSDBA: "dba",
  SYSOPER: "oper",
  SYSBACKUP: "backupdba",
};

/** What `sqlplus` was asked on its command line. */
export interface Invocation {
  readonly silent: boolean;
  /** -L: one attempt to log in, then exit. */
  readonly once: boolean;
  readonly version: boolean;
  readonly logon: Logon;
}

export type Logon =
  | { readonly kind: "none" }
  | { readonly kind: "os"; readonly privilege: OsPrivilege }
  | { readonly kind: "password" };

export function readArguments(argv: readonly string[]): Invocation {
  const rest = [...argv];
  const flags = new Set<string>();
  while (rest[0]?.startsWith("-") === true) flags.add((rest.shift() ?? "").toLowerCase());
  return {
    silent: flags.has("-s"),
    once: flags.has("-l"),
    version: flags.has("-v"),
    logon: readLogon(rest.join(" ")),
  };
}

/** `/nolog`, `/ as sysdba` and the like; everything else is a login by password, which this host does not have. */
export function readLogon(text: string): Logon {
  const words = text.trim();
  if (/^\/nolog$/iu.test(words)) return { kind: "none" };
  const [, privilege] = /^\/\s+as\s+(sysdba|sysoper|sysbackup)$/iu.exec(words) ?? [];
  if (privilege === undefined) return { kind: "password" };
  return { kind: "os", privilege: privilege.toUpperCase() as OsPrivilege };
}
