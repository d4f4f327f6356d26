import { copyFileSync, existsSync, rmSync } from "node:fs";
import { headerStatus } from "../files/datafile-header.ts";
import { shrinkDatafile } from "../files/format-datafile.ts";
import { OraError } from "../engine/ora-error.ts";
import type { FileReference } from "./api.ts";
import { findFile, findTablespace } from "./backup-mode.ts";
import { mark } from "./changes.ts";
import type { DatafileRecord } from "./control-file.ts";
import { readHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";
import { roomInLog } from "./log-switch.ts";
import { identify } from "./open-checks.ts";
import { openFiles } from "./open-database.ts";
import { recreateDatafile } from "./redo-structure.ts";
import { fileError, fileLine } from "./refusals.ts";
import { growFile, setFileSize } from "./space.ts";

const blocksOf = (bytes: number, blockSize: number): number => Math.ceil(bytes / blockSize);

export async function resizeFile(
  database: SimulatedDatabase,
  thread: number,
  reference: FileReference,
  bytes: number,
): Promise<void> {
  const temp = database.control.tempfiles.find((file) => "path" in reference && file.path === reference.path);
  if (temp !== undefined) {
    temp.blocks = blocksOf(bytes, temp.blockSize);
    database.writeControl();
    return;
  }
  const file = findFile(database, reference);
  database.writable(file.file);
  await roomInLog(database, thread);
  const blocks = blocksOf(bytes, file.blockSize);
  if (blocks >= file.blocks) {
    if (blocks > file.blocks) growFile(database, thread, file, blocks);
    return;
  }
  const used = database.containers.get(file.conId)?.usedExtents() ?? [];
  const highest = used
    .filter((extent) => extent.file === file.file)
    .map((extent) => extent.first + extent.blocks - 1);
  const undo = database.tablespaceOf(file).contents === "UNDO";
  if (undo || blocks < Math.max(16, ...highest)) {
    throw new OraError(3297, "file contains used data beyond requested RESIZE value");
  }
  await database.cache.settled(file.file);
  database.cache.forget(file.file, blocks + 1);
  shrinkDatafile(file.path, blocks, file.blockSize);
  setFileSize(database, file, blocks);
  mark(database, thread, { kind: "file-resize", file: file.file, blocks });
  database.flushRedo();
}

export function autoextendFile(
  database: SimulatedDatabase,
  reference: FileReference,
  setting: { nextBytes: number; maxBytes: number } | null,
): void {
  const temp = database.control.tempfiles.find((file) => "path" in reference && file.path === reference.path);
  const file = temp ?? findFile(database, reference);
  file.autoextend =
    setting === null
      ? null
      : {
          nextBlocks: blocksOf(setting.nextBytes, file.blockSize),
          maxBlocks: blocksOf(setting.maxBytes, file.blockSize),
        };
  database.writeControl();
}

/** ALTER DATABASE RENAME FILE: tells the control file. Nothing is moved; the new file has to be there, log members excepted. */
export function renameFile(database: SimulatedDatabase, from: string, to: string): void {
  const { control } = database;
  const datafile = control.datafiles.find((file) => file.path === from);
  if (datafile !== undefined) {
    const online = datafile.status === "ONLINE" || datafile.status === "SYSTEM";
    if (database.openMode !== "MOUNTED" && online) {
      throw new OraError(1511, "error in renaming log/data files", {
        below: [
          `ORA-01121: cannot rename database file ${datafile.file} - file is in use or recovery`,
          fileLine(datafile),
        ],
      });
    }
    requireTarget(database, datafile, to);
    database.files.close(datafile.file);
    database.cache.forget(datafile.file);
    datafile.path = to;
    rememberMode(database, datafile);
  } else if (!renameOther(database, from, to)) {
    throw new OraError(1511, "error in renaming log/data files", {
      below: [
        `ORA-01516: nonexistent log file, data file, or temporary file "${from}" in the current container`,
      ],
    });
  }
  database.writeControl();
}

function requireTarget(database: SimulatedDatabase, file: DatafileRecord, to: string): void {
  const header = existsSync(to) ? readHeader(to, file.blockSize) : undefined;
  if (header !== undefined && header.file === file.file && header.dbid === database.control.dbid) return;
  const reason = existsSync(to)
    ? `ORA-01141: error renaming data file ${file.file} - new file '${to}' is another file`
    : `ORA-01141: error renaming data file ${file.file} - new file '${to}' not found`;
  throw new OraError(1511, "error in renaming log/data files", { below: [reason, fileLine(file)] });
}

/** A copy may be in backup mode though the file under the old name was not. */
function rememberMode(database: SimulatedDatabase, file: DatafileRecord): void {
  const header = readHeader(file.path, file.blockSize);
  database.backups.delete(file.file);
  if (header === undefined || (header.status & headerStatus.HBP) === 0) return;
  const { beginScn, beginAt } = header.backup;
  database.backups.set(file.file, {
    beginScn,
    at: beginAt ?? database.hooks.now(),
    epoch: database.nextEpoch(),
  });
}

function renameOther(database: SimulatedDatabase, from: string, to: string): boolean {
  const temp = database.control.tempfiles.find((file) => file.path === from);
  if (temp !== undefined) {
    temp.path = to;
    return true;
  }
  const group = database.control.logGroups.find((candidate) => candidate.members.includes(from));
  if (group === undefined) return false;
  group.members = group.members.map((member) => (member === from ? to : member));
  return true;
}

/** ALTER DATABASE MOVE DATAFILE: the instance copies, writes to the new place, and removes the old file. */
export async function moveDatafile(
  database: SimulatedDatabase,
  reference: FileReference,
  to: string,
): Promise<void> {
  const file = findFile(database, reference);
  if (existsSync(to))
    throw new OraError(1119, `error in creating database file '${to}'`, {
      below: ["ORA-27038: created file already exists"],
    });
  await database.cache.settled(file.file);
  const from = file.path;
  copyFileSync(from, to);
  database.files.close(file.file);
  file.path = to;
  database.writeControl();
  rmSync(from);
}

export function createDatafile(database: SimulatedDatabase, reference: FileReference, path: string): void {
  const file = findFile(database, reference);
  if (database.openMode !== "MOUNTED" && file.status !== "OFFLINE" && file.status !== "RECOVER")
    throw fileError(1124, file);
  recreateDatafile(database, file, path);
  database.writeControl();
}

export async function dropFile(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  tablespace: string,
  reference: FileReference,
  kind: "DATAFILE" | "TEMPFILE",
): Promise<void> {
  const ts = findTablespace(database, conId, tablespace);
  const { control } = database;
  if (kind === "TEMPFILE") {
    const temp = control.tempfiles.find((file) =>
      "number" in reference ? file.file === reference.number : file.path === reference.path,
    );
    if (temp === undefined)
      throw new OraError(1516, `nonexistent log file, data file, or temporary file in the current container`);
    control.tempfiles = control.tempfiles.filter((file) => file !== temp);
    database.writeControl();
    rmSync(temp.path, { force: true });
    return;
  }
  const file = findFile(database, reference);
  const own = control.datafiles.filter((candidate) => candidate.conId === conId && candidate.ts === ts.ts);
  if (file === own[0]) throw new OraError(3263, `cannot drop the first file of tablespace ${tablespace}`);
  const used = database.containers.get(conId)?.usedExtents() ?? [];
  if (used.some((extent) => extent.file === file.file)) throw new OraError(3262, "the file is non-empty");
  if (database.backups.has(file.file)) throw fileError(1150, file);
  await roomInLog(database, thread);
  mark(database, thread, { kind: "file-drop", file: file.file });
  database.flushRedo();
  forgetFile(database, file);
  database.writeControl();
  rmSync(file.path, { force: true });
}

/** Out of control file, cache and descriptors; the file itself stays. */
export function forgetFile(database: SimulatedDatabase, file: DatafileRecord): void {
  database.cache.forget(file.file);
  database.files.close(file.file);
  database.backups.delete(file.file);
  database.control.datafiles = database.control.datafiles.filter((candidate) => candidate !== file);
}

/** ALTER DATABASE DATAFILE … OFFLINE: without a checkpoint, so it needs recovery before it comes back. */
export async function offlineDatafile(
  database: SimulatedDatabase,
  thread: number,
  reference: FileReference,
  forDrop: boolean,
): Promise<void> {
  const file = findFile(database, reference);
  const ts = database.tablespaceOf(file);
  if (file.status === "SYSTEM" || ts.contents === "UNDO") throw fileError(1541, file);
  if (database.control.logMode === "NOARCHIVELOG" && !forDrop)
    throw new OraError(1145, "offline immediate disallowed unless media recovery enabled");
  if (database.backups.has(file.file)) throw fileError(1150, file);
  await database.cache.settled(file.file);
  if (database.openMode === "READ WRITE") {
    await roomInLog(database, thread);
    const scn = mark(database, thread, {
      kind: "file-status",
      files: [file.file],
      enabled: file.enabled,
      status: "RECOVER",
    });
    file.lastScn = scn;
    file.offlineScn = scn;
  }
  file.status = database.openMode === "MOUNTED" ? "OFFLINE" : "RECOVER";
  database.cache.forget(file.file);
  database.files.close(file.file);
  database.writeControl();
}

export function onlineDatafile(database: SimulatedDatabase, reference: FileReference): void {
  const file = findFile(database, reference);
  if (file.status === "ONLINE" || file.status === "SYSTEM") return;
  const header = identify(database, file);
  if (database.openMode !== "MOUNTED" && header.checkpoint.scn < (file.lastScn ?? file.checkpointScn))
    throw fileError(1113, file);
  if ((header.status & headerStatus.HBP) !== 0) throw fileError(1113, file);
  file.status = "ONLINE";
  file.onlineScn = database.scn;
  openFiles(database, [file]);
}
