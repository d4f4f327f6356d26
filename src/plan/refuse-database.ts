import type { ArchiveDestinationFacts, DatabaseIdentity, Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Refusal } from "../domain/refusal.ts";
import { activeFilesText } from "./active-files.ts";

/** Reasons that lie in the database as a whole: identity, role, log mode, rights, foreign backup mode. */
export function refuseDatabase(facts: Facts, config: DatabaseConfig): readonly Refusal[] {
  const { identity } = facts;
  return [
    ...otherDbid(identity, config),
    ...notPrimary(identity),
    ...notOpen(identity),
    ...noArchiveLog(identity),
    ...strangeControlfile(identity),
    ...missingPrivilege(facts),
    ...foreignBackupMode(facts),
    ...noLocalLogs(facts),
  ];
}

export function otherDbid({ dbid, name, uniqueName }: DatabaseIdentity, config: DatabaseConfig): Refusal[] {
  if (config.dbid === undefined || config.dbid === dbid) return [];
  return [
    {
      code: "UMB-3101",
      rule: 2,
      seen: `the database ${name} (${uniqueName}) has DBID ${dbid}, not ${config.dbid} as configured`,
      todo: "check the connect string: a clone or another host may carry the same name; correct dbid if it was changed on purpose",
    },
  ];
}

function notPrimary({ role }: DatabaseIdentity): Refusal[] {
  if (role === "PRIMARY") return [];
  return [
    {
      code: "UMB-3103",
      rule: 110,
      seen: `the database is a ${role}, where BEGIN BACKUP is not to be had`,
      todo: "back up the primary, or this standby with RMAN",
    },
  ];
}

function notOpen({ openMode, role }: DatabaseIdentity): Refusal[] {
  if (openMode === "READ WRITE" || role !== "PRIMARY") return [];
  return [
    {
      code: "UMB-3104",
      seen: `the database is ${openMode}, and a hot backup needs it open READ WRITE`,
      todo: "open it READ WRITE, then run the backup again",
    },
  ];
}

function noArchiveLog({ logMode }: DatabaseIdentity): Refusal[] {
  if (logMode !== "NOARCHIVELOG") return [];
  return [
    {
      code: "UMB-3102",
      rule: 3,
      seen: "the database is in NOARCHIVELOG mode: a hot backup could never be recovered (ORA-01123)",
      todo: "switch it to ARCHIVELOG in MOUNT, or take a cold backup after a clean shutdown",
    },
  ];
}

/** After a restore of the control file v$backup says nothing of use (rule 61). */
function strangeControlfile({ controlfileType, role }: DatabaseIdentity): Refusal[] {
  if (controlfileType === "CURRENT" || role !== "PRIMARY") return [];
  return [
    {
      code: "UMB-3117",
      rule: 61,
      seen: `the control file is ${controlfileType}, not CURRENT`,
      todo: "finish the recovery and open the database, then run the backup again",
    },
  ];
}

export function missingPrivilege({ sessionPrivileges }: Facts): Refusal[] {
  if (sessionPrivileges.includes("SYSBACKUP") || sessionPrivileges.includes("SYSDBA")) return [];
  const has = sessionPrivileges.length === 0 ? "no privilege of use" : sessionPrivileges.join(", ");
  return [
    {
      code: "UMB-3106",
      seen: `the session has ${has}, and a backup needs SYSBACKUP or SYSDBA`,
      todo: "grant SYSBACKUP to umbra's user and set privilege: sysbackup in the configuration",
    },
  ];
}

/** Somebody else's BEGIN BACKUP: not touched, and not ended (rule 36). */
function foreignBackupMode({ datafiles }: Facts): Refusal[] {
  const active = activeFilesText(datafiles);
  if (active === undefined) return [];
  return [
    {
      code: "UMB-3105",
      rule: 36,
      seen: `datafiles are in backup mode already: ${active}`,
      todo: "find out who began it and wait for its end; umbra never ends what another began",
    },
  ];
}

/** Destinations that the archiver of this host fills and that work (rules 45, 94). */
function noLocalLogs(facts: Facts): Refusal[] {
  if (facts.identity.logMode === "NOARCHIVELOG") return [];
  const local = facts.archiveDestinations.filter(isLocal);
  const valid = local.filter((one) => one.status === "VALID");
  if (valid.some((one) => !placeOf(one, facts).startsWith("+"))) return [];
  if (valid.length > 0) {
    return [
      {
        code: "UMB-3107",
        rule: 14,
        seen: `archived logs go to ASM only: ${valid.map((one) => placeOf(one, facts)).join(", ")}`,
        todo: "add a LOG_ARCHIVE_DEST_n with LOCATION= on a file system, or back the database up with RMAN",
      },
    ];
  }
  const states = local.map(
    (one) => `${one.id} is ${one.status}${one.error === undefined ? "" : ` (${one.error})`}`,
  );
  return [
    {
      code: "UMB-3112",
      rule: 45,
      seen: `no local archive destination works: ${states.length === 0 ? "there is none" : states.join(", ")}`,
      todo: "give the database a LOG_ARCHIVE_DEST_n with LOCATION= and see that it is VALID in v$archive_dest",
    },
  ];
}

function isLocal({ target }: ArchiveDestinationFacts): boolean {
  return target === "PRIMARY" || target === "LOCAL";
}

function placeOf({ destination }: ArchiveDestinationFacts, facts: Facts): string {
  const recoveryArea = destination === "USE_DB_RECOVERY_FILE_DEST";
  return (recoveryArea ? facts.parameters["db_recovery_file_dest"] : undefined) ?? destination;
}
