import type { FilePath } from "../domain/names.ts";
import type { BackupScope } from "../domain/step.ts";

/** A name exactly as the dictionary has it. */
export function quotedIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Sent in the scope's container: the tablespaces of a pluggable database are not seen from the root (rule 101). */
export function beginBackupSql(scope: BackupScope): string {
  return scope.level === "database"
    ? "alter database begin backup"
    : `alter tablespace ${quotedIdentifier(scope.tablespace)} begin backup`;
}

export function endBackupSql(scope: BackupScope): string {
  return scope.level === "database"
    ? "alter database end backup"
    : `alter tablespace ${quotedIdentifier(scope.tablespace)} end backup`;
}

/** Ends one file only, in a mounted or open database: what the journal proves, and nothing beside it (rule 43). */
export function endFileBackupSql(file: number): string {
  return `alter database datafile ${file} end backup`;
}

/** All enabled threads, from the root only (rules 44, 103). */
export const ARCHIVE_CURRENT_SQL = "alter system archive log current";

/** Stops all I/O to datafiles and control files of all instances, until RESUME (rule 72). */
export const SUSPEND_SQL = "alter system suspend";
export const RESUME_SQL = "alter system resume";

/** REUSE, because a run that died may have left the file; the name is always our own. From the root only. */
export function enableChangeTrackingSql(path: FilePath): string {
  return `alter database enable block change tracking using file ${quotedText(path)} reuse`;
}

/** The file goes with it. */
export function disableChangeTrackingSql(): string {
  return "alter database disable block change tracking";
}

/** REUSE, because a step may be performed twice; the name is always our own (rule 49). */
export function backupControlfileSql(path: FilePath): string {
  return `alter database backup controlfile to ${quotedText(path)} reuse`;
}

export function traceControlfileSql(path: FilePath): string {
  return `alter database backup controlfile to trace as ${quotedText(path)} reuse`;
}

export function createPfileSql(path: FilePath, from: "spfile" | "memory"): string {
  return `create pfile=${quotedText(path)} from ${from}`;
}
