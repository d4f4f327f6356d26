import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-9xxx: what was made is not what it should be. */
export const verificationErrors = {
  "UMB-9001": entry<{ path: string; problems: readonly string[]; rule: number }>(
    exitClass.verification,
    (c) => `${c.path}: the copy is not what the database describes: ${c.problems.join("; ")}`,
    "check that the path is this database's file, then take the backup again",
  ),
  "UMB-9002": entry<{ changes: readonly string[]; rule: number }>(
    exitClass.verification,
    (c) => `the database changed its identity during the backup: ${c.changes.join("; ")}`,
    "the backup is not used; take it again when failover, RESETLOGS or log mode changes are over",
  ),
  "UMB-9003": entry<{ log: string; problems: readonly string[]; rule: number }>(
    exitClass.verification,
    (c) => `${c.log}: not the archived log that is needed: ${c.problems.join("; ")}`,
    "look at the archive destination: the log is damaged, half written or of another database",
  ),
  "UMB-9004": entry<{ missing: readonly string[]; waited: string; rule: number }>(
    exitClass.verification,
    (c) => `not archived and present after ${c.waited}: ${c.missing.join(", ")}`,
    "look at v$archive_dest for errors and full destinations; without these logs the backup cannot be recovered",
  ),
  "UMB-9005": entry<{ path: string; problem: string }>(
    exitClass.verification,
    (c) => `${c.path}: ${c.problem}`,
    "see whether the backup storage is mounted; else it was removed or changed, or is not umbra's",
  ),
  "UMB-9007": entry<{ path: string; problem: string }>(
    exitClass.verification,
    (c) => `${c.path}: not a backup control file: ${c.problem}`,
    "the database host must see the backup area under the same path",
  ),
  "UMB-9008": entry<{ files: readonly string[]; rule: number }>(
    exitClass.verification,
    (c) => `v$backup does not show these files ACTIVE after BEGIN BACKUP: datafile ${c.files.join(", ")}`,
    "what was begun has been ended; look at the state of these files, then run the backup again",
  ),
  "UMB-9009": entry<{ step: string; files: readonly number[]; rule: number }>(
    exitClass.verification,
    (c) => `somebody else ended the backup mode of datafile ${c.files.join(", ")} while it was copied`,
    "the copies are not used: find out which script or tool sent END BACKUP, then run the backup again",
  ),
  "UMB-9021": entry<{ problems: readonly string[]; rule: number }>(
    exitClass.verification,
    (c) => `the database was not closed cleanly: ${c.problems.slice(0, 5).join("; ")}`,
    "the backup is not used and the database was started again; look at the alert log, then run the backup again",
  ),
  "UMB-9022": entry<{ seen: readonly string[]; rule: number }>(
    exitClass.verification,
    (c) => `somebody used the database while it was to be down: ${c.seen.slice(0, 5).join("; ")}`,
    "the copies are not used: find out who started it, keep clusterware and scripts from it, then run the backup again",
  ),
  "UMB-9023": entry<{ path: string; other: string; rule: number }>(
    exitClass.verification,
    (c) => `${c.other} is not the same as ${c.path}: the members of the control file differ`,
    "look at the storage of the control files before anything else is done; the database was started again",
  ),
  "UMB-9024": entry<{ changes: readonly string[] }>(
    exitClass.verification,
    (c) => `the database changed between the plan and the shutdown: ${c.changes.slice(0, 5).join("; ")}`,
    "the database was not shut down for it; run the backup again",
  ),
  "UMB-9025": entry<{ rule: number }>(
    exitClass.verification,
    () => "the database could not be asked in MOUNT, so its clean shutdown was not proved a second time",
    "the backup is not used; give listener.ora a service for the instance (SID_LIST), so that it can be reached in MOUNT",
  ),
  "UMB-9071": entry<{ tag: string; problems: readonly string[]; rule: number }>(
    exitClass.verification,
    (c) =>
      `RMAN said it was done, and the copies under tag ${c.tag} are not as they should be: ${c.problems.slice(0, 5).join("; ")}`,
    "nothing is restored from the live area until the next refresh; look at v$datafile_copy, and who else uses RMAN with this tag",
  ),
  "UMB-9101": entry<{ path: string; block: number; verdict: string; attempts: number }>(
    exitClass.verification,
    (c) => `${c.path}: block ${c.block} is damaged (${c.verdict}), read ${c.attempts} times`,
    "check the datafile with DBVERIFY or RMAN VALIDATE; the backup before this one may still hold the block",
  ),
  "UMB-9102": entry<{ path: string; reason: string }>(
    exitClass.verification,
    (c) => `${c.path}: cannot be copied as an Oracle file: ${c.reason}`,
    "check that the path is what the database says, and the file itself with DBVERIFY",
  ),
  "UMB-9041": entry<{ directory: string; seen: string; rule: number }>(
    exitClass.verification,
    (c) => `no log arrived in ${c.directory}: ${c.seen}`,
    "the parameters have their old values again; look at v$archive_dest and the alert log, and at who may write there",
  ),
  "UMB-9042": entry<{ name: string; wanted: string; found: string }>(
    exitClass.verification,
    (c) => `${c.name} was set to ${c.wanted}, and is ${c.found}`,
    "see whether another tool or the Data Guard broker sets this parameter",
  ),
  "UMB-9061": entry<{ seen: string; rule: number }>(
    exitClass.verification,
    (c) => `the database could not be suspended as asked: ${c.seen}`,
    "writing was resumed and the snapshots are not used; run the backup again, or without --suspend",
  ),
  "UMB-9062": entry<{ seen: string; rule: number }>(
    exitClass.verification,
    (c) => `the moment of the snapshots cannot be told: ${c.seen}`,
    "the snapshots are not used; let both hosts follow a time server, or leave --snapshot-time out",
  ),
} as const;
