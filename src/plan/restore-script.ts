import type { Manifest } from "../domain/manifest.ts";
import { cloneRoot, lastName, NEW, placedFiles } from "./restore-places.ts";
import { disableChangeTrackingSql, quotedText } from "./sql-text.ts";

/**
 * What SQL*Plus is given: every name of the first database gets its new place before anything is recovered or opened, and
 * the script ends where one is left. RESETLOGS always, because the online logs stay where they were (rules 8, 9).
 */
export function restoreScript(manifest: Manifest): readonly string[] {
  return [
    // Names may hold `&`.
    "SET DEFINE OFF",
    "WHENEVER SQLERROR EXIT FAILURE",
    `STARTUP MOUNT PFILE='${NEW}/init.ora'`,
    ...placedFiles(manifest).map(({ source, to }) => rename(source, to)),
    ...createdLater(manifest),
    ...manifest.onlineLogs.flatMap(({ group, members }) =>
      members.map((member, index) => rename(member, `${NEW}/redo/redo_${group}_${index + 1}.log`)),
    ),
    ...manifest.tempfiles.map(({ path }, index) => rename(path, `${NEW}/data/temp_${index + 1}.dbf`)),
    ...namesLeft(manifest),
    ...(manifest.blockChangeTracking === undefined ? [] : [`${disableChangeTrackingSql()};`]),
    ...recoverCommands(manifest),
    "ALTER DATABASE OPEN RESETLOGS;",
    ...(manifest.identity.cdb ? ["ALTER PLUGGABLE DATABASE ALL OPEN;"] : []),
    "EXIT",
  ];
}

/** The one that goes as far as the backup's own logs. */
function recoverCommands(manifest: Manifest): readonly string[] {
  // Nothing is to be applied; RESETLOGS wants to hear that recovery ended.
  if (manifest.kind === "cold") return ["RECOVER DATABASE UNTIL CANCEL", "CANCEL"];
  const moment =
    manifest.kind === "snapshot" && manifest.snapshotTime !== undefined
      ? ` SNAPSHOT TIME ${quotedText(manifest.snapshotTime.local)}`
      : "";
  return [
    `RECOVER AUTOMATIC FROM '${NEW}/logs' DATABASE UNTIL CHANGE ${manifest.scns.recoverableTo} USING BACKUP CONTROLFILE${moment}`,
  ];
}

/** Redo makes what is in them (rule 55). */
function createdLater({ absent }: Manifest): readonly string[] {
  return absent
    .filter(({ why }) => why === "created-later")
    .map(({ file, source }) => {
      const to = `${NEW}/data/created_${file}_${lastName(source)}`;
      return `ALTER DATABASE CREATE DATAFILE ${quotedText(source)} AS ${quotedText(to)};`;
    });
}

function rename(source: string, to: string): string {
  return `ALTER DATABASE RENAME FILE ${quotedText(source)} TO ${quotedText(to)};`;
}

/** ORA-01476 where a file of the first database would be written. */
function namesLeft(manifest: Manifest): readonly string[] {
  const clones =
    manifest.kind === "snapshot" ? manifest.snapshots.map((one) => cloneRoot(one, manifest.datafiles)) : [];
  const isLeft = [NEW, ...new Set(clones)].map((place) => `name NOT LIKE ${quotedText(`${place}/%`)}`);
  return [
    "SELECT 1 / CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END AS no_name_is_left FROM (",
    "  SELECT name FROM v$datafile UNION ALL SELECT name FROM v$tempfile",
    "  UNION ALL SELECT member FROM v$logfile WHERE type = 'ONLINE'",
    `) WHERE ${isLeft.join(" AND ")};`,
  ];
}
