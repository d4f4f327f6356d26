import { headerStatus } from "../files/datafile-header.ts";
import { OraError } from "../engine/ora-error.ts";
import type { BackupScope, FileReference } from "./api.ts";
import { mark } from "./changes.ts";
import { fileCheckpoint, headerOf, takesWrites } from "./checkpoint.ts";
import type { DatafileRecord, TablespaceRecord } from "./control-file.ts";
import { readHeader, writeHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";
import { roomInLog } from "./log-switch.ts";
import { fileError } from "./refusals.ts";

/** BEGIN BACKUP: each file gets a checkpoint, then its header stands still, and changed blocks are logged whole. */
export async function beginBackup(
  database: SimulatedDatabase,
  thread: number,
  scope: BackupScope,
): Promise<void> {
  if (database.openMode === "MOUNTED") throw new OraError(1109, "database not open");
  if (
    database.openMode === "READ ONLY" ||
    (scope.level === "pdb" && database.containerMode(scope.conId) === "READ ONLY")
  )
    throw new OraError(16_000, "database or pluggable database open for read-only access");
  if (database.control.logMode === "NOARCHIVELOG")
    throw new OraError(1123, "cannot start online backup; media recovery not enabled");
  const named = scope.level === "tablespace" || scope.level === "datafile";
  const candidates = filesIn(database, scope);
  const files = named ? candidates : candidates.filter((file) => takesWrites(database, file));
  if (named) for (const file of files) requireWritable(database, file, scope);
  const active = files.find((file) => database.backups.has(file.file));
  if (active !== undefined) throw fileError(1146, active);
  await roomInLog(database, thread);
  const at = database.hooks.now();
  // Every change from here on finds the file in backup mode, so that no block changes between checkpoint and image.
  for (const file of files)
    database.backups.set(file.file, { beginScn: 0n, at, epoch: database.nextEpoch() });
  try {
    await freeze(database, files, at);
  } catch (error) {
    for (const file of files) database.backups.delete(file.file);
    throw error;
  }
}

async function freeze(
  database: SimulatedDatabase,
  files: readonly DatafileRecord[],
  at: Date,
): Promise<void> {
  await fileCheckpoint(database, files, (header, scn) => ({
    status: header.status | headerStatus.HBP,
    backup: { beginAt: at, beginScn: scn, blocks: header.blocks, checkpointScn: scn },
  }));
  for (const file of files) {
    const backup = database.backups.get(file.file);
    if (backup !== undefined)
      database.backups.set(file.file, { ...backup, beginScn: headerOf(file).backup.beginScn });
  }
}

function requireWritable(database: SimulatedDatabase, file: DatafileRecord, scope: BackupScope): void {
  if (file.status !== "ONLINE" && file.status !== "SYSTEM") throw fileError(1128, file);
  if (file.enabled !== "READ WRITE") {
    const name = scope.level === "tablespace" ? scope.name : database.tablespaceOf(file).name;
    throw new OraError(1642, `begin backup not needed for read-only tablespace '${name}'`);
  }
  if (!takesWrites(database, file))
    throw new OraError(16_000, "database or pluggable database open for read-only access");
}

/** END BACKUP in an open database: the end is in the redo, then the headers move on. */
export async function endBackup(
  database: SimulatedDatabase,
  thread: number,
  scope: BackupScope,
): Promise<void> {
  if (database.openMode === "MOUNTED") {
    endInMount(database, scope);
    return;
  }
  const candidates = filesIn(database, scope);
  const files = candidates.filter((file) => database.backups.has(file.file));
  if (files.length === 0) throw nothingToEnd(database, scope, candidates);
  const gone = files.find((file) => readHeader(file.path, file.blockSize) === undefined);
  if (gone !== undefined && files.length === 1) throw fileError(1116, gone);
  for (const file of files) {
    if (readHeader(file.path, file.blockSize) === undefined) continue;
    await endOne(database, thread, file);
  }
  if (gone !== undefined)
    throw new OraError(1235, `END BACKUP failed for 1 file(s) and succeeded for ${files.length - 1}`);
}

async function endOne(database: SimulatedDatabase, thread: number, file: DatafileRecord): Promise<void> {
  await roomInLog(database, thread);
  const backup = database.backups.get(file.file);
  if (backup === undefined) return;
  mark(database, thread, { kind: "end-backup", file: file.file, beginScn: backup.beginScn });
  database.flushRedo();
  await fileCheckpoint(database, [file], (header) => ({ status: header.status & ~headerStatus.HBP }));
  database.backups.delete(file.file);
}

function nothingToEnd(
  database: SimulatedDatabase,
  scope: BackupScope,
  candidates: readonly DatafileRecord[],
): OraError {
  if (scope.level === "database" || scope.level === "pdb") {
    return new OraError(1142, "cannot end online backup - none of the files are in backup");
  }
  const [first] = candidates;
  if (scope.level === "datafile" && first !== undefined)
    return new OraError(1199, `file ${first.file} is not in online backup mode`);
  return candidates.some((file) => takesWrites(database, file))
    ? new OraError(1142, "cannot end online backup - none of the files are in backup")
    : new OraError(1140, "cannot end online backup - all files are offline or readonly");
}

/**
 * After a crash: the originals hold everything up to the last checkpoint, so their headers may say so. For a restored
 * copy that is a lie which recovery will find out.
 */
function endInMount(database: SimulatedDatabase, scope: BackupScope): void {
  const candidates = filesIn(database, scope);
  let ended = 0;
  for (const file of candidates) {
    const header = readHeader(file.path, file.blockSize);
    if (header === undefined || (header.status & headerStatus.HBP) === 0) continue;
    const scn = database.control.checkpointScn;
    const later = scn > header.checkpoint.scn;
    writeHeader(file.path, {
      ...header,
      status: header.status & ~headerStatus.HBP,
      checkpointCount: header.checkpointCount + 1,
      checkpoint: later ? { ...header.checkpoint, scn, at: database.hooks.now() } : header.checkpoint,
    });
    if (later) file.checkpointScn = scn;
    database.backups.delete(file.file);
    ended += 1;
  }
  if (ended === 0) throw nothingToEnd(database, scope, candidates);
  database.writeControl();
}

/** SHUTDOWN does not leave files in backup mode behind. */
export function refuseWhileInBackup(database: SimulatedDatabase): void {
  const file = database.control.datafiles.find((candidate) => database.backups.has(candidate.file));
  if (file !== undefined) throw fileError(1149, file);
}

function filesIn(database: SimulatedDatabase, scope: BackupScope): DatafileRecord[] {
  const { control } = database;
  if (scope.level === "database") return control.datafiles;
  if (scope.level === "datafile") return [findFile(database, scope.file)];
  if (scope.level === "pdb") return control.datafiles.filter((file) => file.conId === scope.conId);
  const tablespace = findTablespace(database, scope.conId, scope.name);
  if (tablespace.contents === "TEMPORARY")
    throw new OraError(3217, "invalid option for alter of TEMPORARY TABLESPACE");
  return control.datafiles.filter((file) => file.conId === scope.conId && file.ts === tablespace.ts);
}

export function findTablespace(database: SimulatedDatabase, conId: number, name: string): TablespaceRecord {
  const found = database.control.tablespaces.find((ts) => ts.conId === conId && ts.name === name);
  if (found === undefined) throw new OraError(959, `tablespace '${name}' does not exist`);
  return found;
}

export function findFile(database: SimulatedDatabase, reference: FileReference): DatafileRecord {
  const found = database.control.datafiles.find((file) =>
    "number" in reference ? file.file === reference.number : file.path === reference.path,
  );
  if (found !== undefined) return found;
  const name = "number" in reference ? String(reference.number) : reference.path;
  throw new OraError(
    1516,
    `nonexistent log file, data file, or temporary file "${name}" in the current container`,
  );
}
