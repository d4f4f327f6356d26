import type { Account, SessionPrivilege } from "../engine/engine.ts";
import { fail } from "./errors.ts";

/** A user of the simulated database. Common users know every container; a local one names its own. */
export interface AccountSpec {
  readonly name: string;
  readonly password: string;
  /** Entries of the password file: what the user may connect AS. */
  readonly administrative?: readonly SessionPrivilege[];
  /** System privileges, roles, and `SELECT ON OWNER.TABLE`. CREATE SESSION is understood. */
  readonly grants?: readonly string[];
  readonly locked?: boolean;
  readonly expiresInDays?: number;
  readonly container?: string;
  readonly defaultTablespace?: string;
}

export interface AccountRecord {
  readonly id: number;
  readonly name: string;
  password: string;
  administrative: SessionPrivilege[];
  grants: Set<string>;
  locked: boolean;
  expiresInDays: number | undefined;
  readonly container: string | undefined;
  defaultTablespace: string;
}

const FIRST_ID = 105;

/** Accounts by name. A name is upper case unless it was quoted when it was made. */
export class AccountBook {
  readonly #records = new Map<string, AccountRecord>();
  #nextId = FIRST_ID;

  constructor(accounts: readonly AccountSpec[]) {
    for (const account of accounts) this.add(account);
  }

  add(spec: AccountSpec): AccountRecord {
    if (this.#records.has(spec.name)) throw fail(1920, spec.name);
    const record: AccountRecord = {
      id: spec.name === "SYS" ? 0 : this.#nextId++,
      name: spec.name,
      password: spec.password,
      administrative: [...(spec.administrative ?? [])],
      grants: new Set((spec.grants ?? []).map((grant) => grant.toUpperCase())),
      locked: spec.locked ?? false,
      expiresInDays: spec.expiresInDays,
      container: spec.container,
      defaultTablespace: spec.defaultTablespace ?? (spec.name === "SYS" ? "SYSTEM" : "USERS"),
    };
    this.#records.set(spec.name, record);
    return record;
  }

  find(name: string): AccountRecord | undefined {
    return this.#records.get(name);
  }

  /** ORA-01918 where there is none. */
  get(name: string): AccountRecord {
    const record = this.#records.get(name);
    if (record === undefined) throw fail(1918, name);
    return record;
  }

  remove(name: string): void {
    this.get(name);
    this.#records.delete(name);
  }

  all(): Iterable<AccountRecord> {
    return this.#records.values();
  }

  /** As the login exchange wants it. */
  login(name: string): Account | undefined {
    const record = this.#records.get(name);
    if (record === undefined) return undefined;
    return {
      name: record.name,
      password: record.password,
      ...(record.expiresInDays !== undefined && { expiresInDays: record.expiresInDays }),
    };
  }
}

/** What a simulated database is given where nothing else is said: SYS, a backup user and an application. */
export const defaultAccounts: readonly AccountSpec[] = [
  { name: "SYS", password: "oracle", administrative: ["SYSDBA", "SYSOPER", "SYSBACKUP", "SYSDG", "SYSKM"] },
  { name: "SYSTEM", password: "oracle", grants: ["DBA"] },
  { name: "C##UMBRA", password: "umbra", administrative: ["SYSBACKUP"] },
  { name: "APP", password: "app", grants: ["RESOURCE", "UNLIMITED TABLESPACE"] },
];
