import type { ColdLook } from "../domain/cold-look.ts";
import type { Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Refusal } from "../domain/refusal.ts";
import { activeFilesText } from "./active-files.ts";
import { missingPrivilege, otherDbid } from "./refuse-database.ts";

/** Reasons against a cold backup that lie in the database as a whole, or in the way to its instance. */
export function refuseCold(facts: Facts, look: ColdLook, config: DatabaseConfig): readonly Refusal[] {
  return [
    ...otherDbid(facts.identity, config),
    ...noControl(look),
    ...wrongWay(look),
    ...otherInstances(facts, config),
    ...strangeRole(facts),
    ...strangeControlfile(facts),
    ...missingPrivilege(facts),
    ...inBackupMode(facts),
    ...redoInAsm(facts),
    ...unreadable(look),
  ];
}

function noControl({ control }: ColdLook): Refusal[] {
  if (control) return [];
  return [
    {
      code: "UMB-3120",
      seen: "the configuration names no way to stop and start the instance",
      todo: "add instance: with sqlplus or srvctl to the database's configuration",
    },
  ];
}

/** Found out while everything is up: STARTUP could not be sent either. */
function wrongWay({ wrongWay: why }: ColdLook): Refusal[] {
  if (why === undefined) return [];
  const seen = `the way to the instance is not the right one: ${why}`;
  const todo =
    "correct oracle-home, sid or unique-name in instance: of the configuration, or put the account into the group";
  return [{ code: "UMB-3128", rule: 1, seen, todo }];
}

/** sqlplus knows one instance, and another one would keep the files open (rule 21). */
function otherInstances({ instances }: Facts, { instance }: DatabaseConfig): Refusal[] {
  if (instances.length < 2 || instance?.by !== "sqlplus") return [];
  return [
    {
      code: "UMB-3126",
      rule: 21,
      seen: `${instances.length} instances run (${instances.map((one) => `${one.name} on ${one.host}`).join(", ")}), and sqlplus stops one`,
      todo: "set instance: by: srvctl, which stops and starts all of them",
    },
  ];
}

function strangeRole({ identity: { role } }: Facts): Refusal[] {
  if (role === "PRIMARY" || role === "PHYSICAL STANDBY") return [];
  return [
    {
      code: "UMB-3125",
      rule: 26,
      seen: `the database is a ${role}: how its apply is stopped and started again is not known to umbra`,
      todo: "back up the primary or a physical standby",
    },
  ];
}

/** A restored control file knows nothing of the shutdown of the files (rule 61). */
function strangeControlfile({ identity: { controlfileType, role } }: Facts): Refusal[] {
  if (controlfileType === "CURRENT" || (role !== "PRIMARY" && controlfileType === "STANDBY")) return [];
  return [
    {
      code: "UMB-3117",
      rule: 61,
      seen: `the control file is ${controlfileType}`,
      todo: "finish the recovery and open the database, then run the backup again",
    },
  ];
}

/** SHUTDOWN IMMEDIATE would fail with ORA-01149, and never becomes an abort (rule 20). */
function inBackupMode({ datafiles }: Facts): Refusal[] {
  const active = activeFilesText(datafiles);
  if (active === undefined) return [];
  return [
    {
      code: "UMB-3105",
      rule: 20,
      seen: `datafiles are in backup mode: ${active}; SHUTDOWN would be refused (ORA-01149)`,
      todo: "wait for the end of that backup; if it was umbra's and died, run `umbra reconcile`",
    },
  ];
}

function unreadable(look: ColdLook): Refusal[] {
  if (look.unreadable.length === 0) return [];
  const shown = look.unreadable.slice(0, 5).map(({ path, why }) => `${path} (${why})`);
  const more =
    look.unreadable.length > shown.length ? ` and ${look.unreadable.length - shown.length} more` : "";
  return [
    {
      code: "UMB-3127",
      seen: `files of the database cannot be read: ${shown.join(", ")}${more}`,
      todo: "let umbra's user read them, as a member of the database's group; mount them where they are missing",
    },
  ];
}

/** Without archived logs the online logs belong to the backup, and control files always do (rules 9, 10, 14). */
function redoInAsm({ identity, onlineLogs, controlfiles }: Facts): Refusal[] {
  const logs = identity.logMode === "NOARCHIVELOG" ? onlineLogs.map((log) => log.members[0]) : [];
  const inAsm = [...controlfiles.slice(0, 1), ...logs].filter((path) => path?.startsWith("+") === true);
  if (inAsm.length === 0) return [];
  return [
    {
      code: "UMB-3107",
      rule: 14,
      seen: `files of the database lie in ASM: ${inAsm.join(", ")}`,
      todo: "back this database up with RMAN image copies, or with snapshots of the ASM disks",
    },
  ];
}
