import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import type { OpenInstance } from "../../simulator/instance/open-instance.ts";
import { openInstance } from "../../simulator/instance/start-database.ts";
import { createEngine, type SimulatedEngine } from "../../simulator/sql/engine.ts";

/** Files of a closed database, wherever they were copied to. Paths are absolute. */
export interface ClosedFiles {
  readonly databaseName: string;
  /** CDB: enable_pluggable_database in the parameters. */
  readonly cdb: boolean;
  readonly controlfile: string;
  /** Copy of each datafile by the name that the control file knows. */
  readonly datafiles: ReadonlyMap<string, string>;
  /** Copies of the online logs, of a NOARCHIVELOG database only; without them only RESETLOGS opens. */
  readonly onlineLogs?: ReadonlyMap<string, string>;
}

/** A second database over copies of the closed files of the first. */
export interface RestoredCold extends AsyncDisposable {
  readonly instance: OpenInstance;
  readonly engine: SimulatedEngine;
}

/**
 * What a DBA does with a cold backup: all files in a new place, MOUNT, each file told where it is now. Then it is to
 * be opened: `openWithLogs` or `openWithoutLogs`. Throws what the instance refuses.
 */
export async function restoredCold(files: ClosedFiles, base: string): Promise<RestoredCold> {
  mkdirSync(join(base, "data"), { recursive: true });
  mkdirSync(join(base, "arch"), { recursive: true });
  const controlfile = join(base, "control01.ctl");
  copyFileSync(files.controlfile, controlfile);
  const pfile = join(base, "init.ora");
  writeFileSync(
    pfile,
    [
      `*.db_name='${files.databaseName}'`,
      `*.db_unique_name='${files.databaseName}_COLD'`,
      `*.control_files='${controlfile}'`,
      `*.log_archive_dest_1='LOCATION=${join(base, "arch")}'`,
      `*.enable_pluggable_database=${files.cdb ? "TRUE" : "FALSE"}`,
    ].join("\n"),
  );
  const instance = openInstance({ base, name: files.databaseName, now: () => new Date() });
  const engine = createEngine(instance, { staticServices: ["RESTORED"] });
  const stop = async () => {
    if (instance.state !== "IDLE") await engine.shutdown("ABORT");
  };
  try {
    await instance.startup({ to: "MOUNT", pfile });
    await place(instance, files, join(base, "data"));
  } catch (error) {
    await stop();
    throw error;
  }
  return { instance, engine, [Symbol.asyncDispose]: stop };
}

/** Datafiles that were not copied keep their name: nothing is at it, because the first database is elsewhere. */
async function place(instance: OpenInstance, files: ClosedFiles, directory: string): Promise<void> {
  for (const [name, copy] of files.datafiles) {
    const target = join(directory, basename(copy));
    copyFileSync(copy, target);
    await instance.renameFile(name, target);
  }
  const members = instance.controlFile?.logGroups.flatMap((group) => group.members) ?? [];
  for (const [index, member] of members.entries()) {
    const target = join(directory, `redo_${index}.log`);
    const copy = files.onlineLogs?.get(member);
    if (copy !== undefined) copyFileSync(copy, target);
    await instance.renameFile(member, target);
  }
  const tempfiles = instance.controlFile?.tempfiles.map(({ path }) => path) ?? [];
  for (const [index, name] of tempfiles.entries())
    await instance.renameFile(name, join(directory, `temp_${index}.dbf`));
}

/** With the online logs of the closed database: nothing has happened to it. */
export async function openWithLogs({ instance }: RestoredCold): Promise<void> {
  await instance.open("READ WRITE");
}

/** Without them a plain OPEN is refused (ORA-00313): RECOVER UNTIL CANCEL finds nothing to apply, then RESETLOGS. */
export async function openWithoutLogs({ instance }: RestoredCold): Promise<void> {
  await instance.recover({ scope: { level: "database" }, until: "CANCEL", usingBackupControlfile: false });
  await instance.open("RESETLOGS");
}
