import { chmodSync, copyFileSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import type { RestoreSource } from "./source.ts";

/** Where the second database lies. Nothing of it is inside the backup: a backup is never recovered in place (rule 88). */
export interface Placed {
  readonly base: string;
  readonly pfile: string;
  /** New path by file number and creation SCN. */
  readonly datafiles: ReadonlyMap<string, string>;
  readonly newFiles: string;
  readonly redo: string;
}

/** Copies image copies and control file to a new place and writes a parameter file for an instance over them. */
export function placeFiles(source: RestoreSource, base: string): Placed {
  const [data, redo, arch] = ["data", "redo", "arch"].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  for (const directory of [data, redo, arch, join(base, "dbs")]) mkdirSync(directory, { recursive: true });
  const datafiles = new Map<string, string>();
  for (const file of source.datafiles) {
    const target = join(data, basename(file.copy));
    copyFileSync(file.copy, target, constants.COPYFILE_FICLONE);
    // In a snapshot copies may be read-only, and the mode is copied too.
    chmodSync(target, 0o600);
    datafiles.set(fileKey(file.file, file.creationScn), target);
  }
  const controlfile = join(base, "control01.ctl");
  copyFileSync(source.controlfile, controlfile);
  chmodSync(controlfile, 0o600);
  const pfile = join(base, "dbs", "init.ora");
  writeFileSync(pfile, parameters(source, { controlfile, arch }));
  return { base, pfile, datafiles, newFiles: data, redo };
}

export function fileKey(file: number, creationScn: string): string {
  return `${file}:${creationScn}`;
}

function parameters(
  source: RestoreSource,
  at: { readonly controlfile: string; readonly arch: string },
): string {
  return [
    `*.db_name='${source.databaseName}'`,
    `*.db_unique_name='${source.databaseName}_RESTORED'`,
    `*.control_files='${at.controlfile}'`,
    `*.log_archive_dest_1='LOCATION=${at.arch}'`,
    "*.log_archive_format='%t_%s_%r.dbf'",
    ...(source.cdb ? ["*.enable_pluggable_database=TRUE"] : []),
    "*.job_queue_processes=0",
    "",
  ].join("\n");
}
