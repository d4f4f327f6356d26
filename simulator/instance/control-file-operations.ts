import { existsSync, writeFileSync } from "node:fs";
import { writeControlFile } from "../files/control-file-image.ts";
import { controlfileTrace } from "../files/trace-script.ts";
import { OraError } from "../engine/ora-error.ts";
import type { SimulatedDatabase } from "./database.ts";

/** BACKUP CONTROLFILE TO 'file': a consistent copy that knows it is one. */
export function backupControlfile(database: SimulatedDatabase, path: string, reuse: boolean): void {
  refuseExisting(path, reuse);
  try {
    writeControlFile(
      path,
      { ...database.control, type: "BACKUP", resetlogsRequired: true },
      { compatible: database.compatible },
    );
  } catch {
    throw new OraError(1580, `error creating control backup file ${path}`, {
      below: ["ORA-27040: file create error, unable to create file"],
    });
  }
  database.alert.note(`alter database backup controlfile to '${path}'`);
}

export function backupToTrace(
  database: SimulatedDatabase,
  path: string,
  options: { reuse: boolean; variant: "BOTH" | "RESETLOGS" | "NORESETLOGS" },
): void {
  refuseExisting(path, options.reuse);
  try {
    writeFileSync(path, controlfileTrace(database.control, { variant: options.variant }));
  } catch {
    throw new OraError(1580, `error creating control backup file ${path}`, {
      below: ["ORA-27040: file create error, unable to create file"],
    });
  }
}

function refuseExisting(path: string, reuse: boolean): void {
  if (reuse || !existsSync(path)) return;
  throw new OraError(1580, `error creating control backup file ${path}`, {
    below: ["ORA-27038: created file already exists", "Additional information: 1"],
  });
}

export function setLogMode(
  database: SimulatedDatabase,
  mode: "ARCHIVELOG" | "NOARCHIVELOG",
  open: boolean,
): void {
  if (open)
    throw new OraError(1126, "database must be mounted in this instance and not open in any instance");
  const crashed = database.control.threads.some((thread) => thread.status === "OPEN");
  if (mode === "ARCHIVELOG" && crashed)
    throw new OraError(265, "instance recovery required, cannot set ARCHIVELOG mode");
  if (mode === "NOARCHIVELOG" && database.backups.size > 0)
    throw new OraError(1150, "cannot prevent writes - file has online backup set");
  database.control.logMode = mode;
  if (mode === "NOARCHIVELOG")
    for (const group of database.control.logGroups) group.archived = group.status !== "CURRENT";
  database.writeControl();
}

export { createControlfile } from "./create-controlfile.ts";
