import type { DatafileFacts } from "../domain/facts.ts";
import { formatScn } from "../domain/scn.ts";
import type { FilePath, RunId } from "../domain/names.ts";
import type { BackupLayout } from "../domain/plan.ts";

/** Directories below a backup area, one for each kind of backup. */
export const BACKUP_FOLDERS = ["hot", "cold", "snapshot"] as const;
export type BackupFolder = (typeof BACKUP_FOLDERS)[number];
const MANIFEST_NAME = "manifest.json";
export const MARKER_NAME = "umbra-run";
/** For people who must restore without umbra. */
export const NOTES_NAME = "RESTORE.md";

/** Room for the numbers before it: 255 bytes is the longest name of a directory entry. */
const NAME_LENGTH = 120;

export function backupLayout(area: FilePath, run: RunId, folder: BackupFolder): BackupLayout {
  return layoutBelow(below(below(area, folder), run));
}

export function layoutBelow(directory: FilePath): BackupLayout {
  return {
    directory,
    data: below(directory, "data"),
    logs: below(directory, "logs"),
    control: below(directory, "control"),
    parameters: below(directory, "parameters"),
    redo: below(directory, "redo"),
    marker: below(directory, MARKER_NAME),
    manifest: below(directory, MANIFEST_NAME),
  };
}

export function below(directory: FilePath, name: string): FilePath {
  return `${directory.replace(/\/+$/, "")}/${name}` as FilePath;
}

/** `7_1024_users01.dbf`: unique by the file's identity (rule 56), readable, and safe whatever the source is called. */
export function copyName(file: Pick<DatafileFacts, "file" | "creationScn" | "path">): string {
  const base = file.path.slice(file.path.lastIndexOf("/") + 1);
  const safe = base.replaceAll(/[^A-Za-z0-9._-]/gu, "_").slice(0, NAME_LENGTH);
  return `${file.file}_${formatScn(file.creationScn)}_${safe}`;
}
