import type { DatabaseConfig } from "../domain/fleet.ts";
import type { DatafileFacts, Facts } from "../domain/facts.ts";
import { checked, type CheckItem } from "./check-item.ts";

/** v$datafile_header says so of files of a tablespace that was taken offline NORMAL: nothing is wrong with them. */
const OFFLINE_NORMAL = "OFFLINE NORMAL";
/** Names in a text are cut after so many. */
const NAMED = 5;

/** What the database itself must be for a hot backup. */
export function databaseItems(facts: Facts, database: DatabaseConfig): CheckItem[] {
  return [
    identityItem(facts, database),
    roleItem(facts),
    openItem(facts),
    logModeItem(facts),
    privilegeItem(facts),
  ];
}

/** What its files must be. */
export function fileItems({ datafiles }: Facts): CheckItem[] {
  const inMode = datafiles.filter((file) => file.backup.active);
  const asm = datafiles.filter((file) => file.path.startsWith("+"));
  const unreadable = datafiles.filter((file) => ![undefined, OFFLINE_NORMAL].includes(file.header?.error));
  const offline = datafiles.filter((file) => !["ONLINE", "SYSTEM"].includes(file.status));
  return [
    checked("backup mode", inMode.length === 0, counted(inMode, "in backup mode"), {
      rule: 36,
      todo: "if no backup runs, `umbra reconcile` ends what umbra began; what somebody else began, ask them to end",
    }),
    checked("file system", asm.length === 0, counted(asm, "in ASM"), {
      rule: 14,
      todo: "umbra copies files of a file system only: back this database up with RMAN",
    }),
    checked("datafile headers", unreadable.length === 0, counted(unreadable, "with an unreadable header"), {
      todo: "look at v$datafile_header.error and restore or drop these files",
    }),
    checked("datafiles online", offline.length === 0, counted(offline, "not online"), {
      severity: "warning",
      rule: 33,
      todo: "these are copied as they are, without backup mode: recover and bring them online if that is not meant",
    }),
  ];
}

function identityItem({ identity }: Facts, { dbid }: DatabaseConfig): CheckItem {
  const seen = `${identity.name} (${identity.uniqueName}), DBID ${identity.dbid}`;
  if (dbid === undefined) {
    const todo = `write \`dbid: ${identity.dbid}\` into the configuration, so that no other database is taken for it`;
    return { name: "identity", ok: true, severity: "warning", seen, todo, rule: 2 };
  }
  return checked("identity", dbid === identity.dbid, seen, {
    rule: 2,
    todo: `the configuration says DBID ${dbid}: correct it, or the connect string`,
  });
}

function roleItem({ identity }: Facts): CheckItem {
  return checked("role", identity.role === "PRIMARY", identity.role, {
    rule: 110,
    todo: "back up the primary: backup mode is not to be had on a standby",
  });
}

function openItem({ identity }: Facts): CheckItem {
  return checked("open", identity.openMode === "READ WRITE", identity.openMode, {
    todo: "open the database: a hot backup needs it open for writing",
  });
}

function logModeItem({ identity }: Facts): CheckItem {
  return checked("archive mode", identity.logMode === "ARCHIVELOG", identity.logMode, {
    rule: 3,
    todo: "shut down, start up in MOUNT, ALTER DATABASE ARCHIVELOG, open",
  });
}

function privilegeItem({ sessionPrivileges }: Facts): CheckItem {
  const enough = sessionPrivileges.includes("SYSBACKUP") || sessionPrivileges.includes("SYSDBA");
  return checked("privileges", enough, sessionPrivileges.join(", ") || "none that umbra can use", {
    todo: "grant SYSBACKUP to umbra's user and set privilege: sysbackup in the configuration",
  });
}

function counted(files: readonly DatafileFacts[], what: string): string {
  if (files.length === 0) return `0 of the datafiles ${what}`;
  const named = files.slice(0, NAMED).map((file) => `${file.file} ${file.path}`);
  const more = files.length > NAMED ? `, and ${files.length - NAMED} more` : "";
  return `${files.length} ${what}: ${named.join(", ")}${more}`;
}
