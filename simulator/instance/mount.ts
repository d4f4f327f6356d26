import { readControlFile } from "../files/control-file-image.ts";
import { headerStatus } from "../files/datafile-header.ts";
import { OraError } from "../engine/ora-error.ts";
import type { ControlFile } from "./control-file.ts";
import { readHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";

/** Reads every member of the control file: all have to be there, and alike. */
export function readControlFiles(paths: readonly string[], dbName: string): ControlFile {
  const models = paths.map((path) => ({ path, model: readControlFile(path) }));
  const [first] = models;
  if (first === undefined)
    throw new OraError(205, "error in identifying control file, check alert log for more info");
  for (const { path, model } of models) {
    if (model.sequence === first.model.sequence && model.dbid === first.model.dbid) continue;
    throw new OraError(
      214,
      `control file '${first.path}' version ${first.model.sequence} inconsistent with file '${path}' version ${model.sequence}`,
    );
  }
  if (first.model.dbName.toUpperCase() !== dbName.toUpperCase()) {
    throw new OraError(1103, `database name '${first.model.dbName}' in control file is not '${dbName}'`);
  }
  return first.model;
}

/** Backup mode outlives a crash: it is in the headers. */
export function rememberBackupModes(database: SimulatedDatabase): void {
  for (const file of database.control.datafiles) {
    const header = readHeader(file.path, file.blockSize);
    if (header === undefined || (header.status & headerStatus.HBP) === 0) continue;
    const { beginScn, beginAt } = header.backup;
    database.backups.set(file.file, {
      beginScn,
      at: beginAt ?? database.hooks.now(),
      epoch: database.nextEpoch(),
    });
  }
}
