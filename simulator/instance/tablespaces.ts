import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { headerStatus } from "../files/datafile-header.ts";
import { OraError } from "../engine/ora-error.ts";
import type { FileSpec, Instance, TablespaceSpec } from "./api.ts";
import { findTablespace } from "./backup-mode.ts";
import { mark } from "./changes.ts";
import { fileCheckpoint, fullCheckpoint } from "./checkpoint.ts";
import type { DatafileRecord, TablespaceRecord } from "./control-file.ts";
import type { SimulatedDatabase } from "./database.ts";
import { forgetFile } from "./file-operations.ts";
import { roomInLog } from "./log-switch.ts";
import { layOutDatafile, layOutTempfile, nextDatafileNumber, nextTempfileNumber } from "./new-datafile.ts";
import { identify } from "./open-checks.ts";
import { openFiles } from "./open-database.ts";
import { fileError } from "./refusals.ts";
import { dropTable, forgetTablespace, noteTablespace, openContainer } from "./tables.ts";

export async function createTablespace(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  spec: TablespaceSpec,
): Promise<void> {
  const { control } = database;
  const own = control.tablespaces.filter((ts) => ts.conId === conId);
  if (own.some((ts) => ts.name === spec.name))
    throw new OraError(1543, `tablespace '${spec.name}' already exists`);
  if (spec.bigfile && spec.files.length > 1)
    throw new OraError(32_774, "more than one file specified for bigfile tablespace");
  const tablespace: TablespaceRecord = {
    conId,
    ts: Math.max(-1, ...own.map((ts) => ts.ts)) + 1,
    name: spec.name,
    contents: spec.contents,
    bigfile: spec.bigfile,
    blockSize: spec.blockSize,
  };
  for (const file of spec.files) requireFree(file);
  for (const file of spec.files) {
    await roomInLog(database, thread);
    if (!control.tablespaces.includes(tablespace)) control.tablespaces.push(tablespace);
    createFile(database, thread, tablespace, file);
  }
  await noteTablespace(database, thread, openContainer(database, conId), tablespace);
  await fullCheckpoint(database);
}

export async function addFile(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  name: string,
  spec: FileSpec,
  kind: "DATAFILE" | "TEMPFILE",
): Promise<void> {
  const tablespace = findTablespace(database, conId, name);
  if ((tablespace.contents === "TEMPORARY") !== (kind === "TEMPFILE")) {
    throw new OraError(3217, "invalid option for alter of TEMPORARY TABLESPACE");
  }
  if (tablespace.bigfile) throw new OraError(32_771, `cannot add file to bigfile tablespace`);
  requireFree(spec);
  // A temp file is no part of the redo: it may be added where nothing may be written.
  if (kind === "DATAFILE") await roomInLog(database, thread);
  createFile(database, thread, tablespace, spec);
}

function requireFree(spec: FileSpec): void {
  if (!existsSync(dirname(spec.path)))
    throw new OraError(1119, `error in creating database file '${spec.path}'`, {
      below: [
        "ORA-27040: file create error, unable to create file",
        "Linux-x86_64 Error: 2: No such file or directory",
      ],
    });
  if (!existsSync(spec.path) || spec.reuse) return;
  throw new OraError(1119, `error in creating database file '${spec.path}'`, {
    below: ["ORA-27038: created file already exists", "Additional information: 1"],
  });
}

/** Formats the file, logs its birth, then lets the control file know it. */
export function createFile(
  database: SimulatedDatabase,
  thread: number,
  tablespace: TablespaceRecord,
  spec: FileSpec,
): void {
  const { control, compatible } = database;
  const { blockSize } = tablespace;
  const autoextend =
    spec.autoextend === null
      ? null
      : {
          nextBlocks: Math.max(1, Math.trunc(spec.autoextend.nextBytes / blockSize)),
          maxBlocks: Math.trunc(spec.autoextend.maxBytes / blockSize),
        };
  const temporary = tablespace.contents === "TEMPORARY";
  const number = temporary ? nextTempfileNumber(control) : nextDatafileNumber(control);
  const file = { file: number, path: spec.path, blocks: Math.trunc(spec.bytes / blockSize), autoextend };
  const at = database.hooks.now();
  try {
    if (temporary) {
      control.tempfiles.push(
        layOutTempfile(control, compatible, tablespace, file, { scn: database.scn, at }),
      );
    } else {
      const born = { scn: database.nextScn(), at, open: true };
      const { record, header } = layOutDatafile(control, compatible, tablespace, file, born);
      mark(database, thread, { kind: "file-create", datafile: record, tablespace, header });
      database.flushRedo();
      control.datafiles.push(record);
    }
  } catch (error) {
    if (error instanceof OraError) throw error;
    throw new OraError(1119, `error in creating database file '${spec.path}'`, {
      below: ["ORA-27040: file create error, unable to create file"],
    });
  }
  database.writeControl();
}

export async function dropTablespace(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  drop: { readonly name: string; readonly includingContents: boolean; readonly andDatafiles: boolean },
): Promise<void> {
  const { control } = database;
  const tablespace = findTablespace(database, conId, drop.name);
  const sameTs = (file: { conId: number; ts: number }): boolean =>
    file.conId === conId && file.ts === tablespace.ts;
  if (["SYSTEM", "SYSAUX"].includes(drop.name)) throw new OraError(1550, "cannot drop system tablespace");
  const undo = control.tablespaces.filter((ts) => ts.conId === conId && ts.contents === "UNDO");
  if (undo[0] === tablespace)
    throw new OraError(30_013, `undo tablespace '${drop.name}' is currently in use`);
  const files = control.datafiles.filter(sameTs);
  const active = files.find((file) => database.backups.has(file.file));
  if (active !== undefined) throw fileError(1150, active);
  const container = openContainer(database, conId);
  const inside = [...container.segments.values()].filter(
    (segment) => segment.definition.tablespace === drop.name,
  );
  if (inside.length > 0 && !drop.includingContents) {
    throw new OraError(1549, "tablespace not empty, use INCLUDING CONTENTS option");
  }
  for (const segment of inside) await dropTable(database, thread, conId, segment.definition.objectId);
  await forgetTablespace(database, thread, container, tablespace);
  await roomInLog(database, thread);
  mark(database, thread, { kind: "tablespace-drop", conId, ts: tablespace.ts });
  database.flushRedo();
  const temps = control.tempfiles.filter(sameTs);
  for (const file of files) forgetFile(database, file);
  control.tempfiles = control.tempfiles.filter((file) => !sameTs(file));
  control.tablespaces = control.tablespaces.filter((ts) => ts !== tablespace);
  database.writeControl();
  if (drop.andDatafiles) for (const file of [...files, ...temps]) rmSync(file.path, { force: true });
}

/** READ ONLY, READ WRITE, ONLINE and the three ways of OFFLINE. */
export async function setTablespace(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  name: string,
  to: Parameters<Instance["setTablespace"]>[2],
): Promise<void> {
  const tablespace = findTablespace(database, conId, name);
  const files = database.control.datafiles.filter(
    (file) => file.conId === conId && file.ts === tablespace.ts,
  );
  if (tablespace.contents === "TEMPORARY")
    throw new OraError(3217, "invalid option for alter of TEMPORARY TABLESPACE");
  if (to === "ONLINE") return bringOnline(database, thread, files);
  if (to === "READ WRITE") return allowWrites(database, thread, files, name);
  refuseVital(tablespace, files, to);
  const active = files.find((file) => database.backups.has(file.file));
  if (active !== undefined) throw fileError(1150, active);
  if (to === "READ ONLY") return preventWrites(database, thread, files, name);
  await takeOffline(database, thread, files, to);
}

function refuseVital(tablespace: TablespaceRecord, files: readonly DatafileRecord[], to: string): void {
  const [first] = files;
  if (tablespace.name === "SYSTEM" && first !== undefined) {
    throw to === "READ ONLY"
      ? new OraError(1643, "system tablespace can not be made read-only")
      : fileError(1541, first);
  }
  if (tablespace.contents === "UNDO") throw new OraError(30_042, "Cannot offline the undo tablespace");
}

async function preventWrites(
  database: SimulatedDatabase,
  thread: number,
  files: readonly DatafileRecord[],
  name: string,
): Promise<void> {
  if (files.every((file) => file.enabled === "READ ONLY"))
    throw new OraError(1644, `tablespace '${name}' is already read-only`);
  // Open transactions may still need to roll back rows in it.
  while ([...database.transactions].some((transaction) => transaction.conId === files[0]?.conId))
    await database.hooks.idle();
  const scn = await closeCleanly(database, files);
  await roomInLog(database, thread);
  log(database, thread, files, "READ ONLY", "ONLINE");
  for (const file of files) {
    file.enabled = "READ ONLY";
    file.lastScn = scn;
  }
  database.writeControl();
}

async function allowWrites(
  database: SimulatedDatabase,
  thread: number,
  files: readonly DatafileRecord[],
  name: string,
): Promise<void> {
  if (files.every((file) => file.enabled === "READ WRITE"))
    throw new OraError(1646, `tablespace '${name}' is not read-only - cannot make read-write`);
  await roomInLog(database, thread);
  log(database, thread, files, "READ WRITE", "ONLINE");
  for (const file of files) file.enabled = "READ WRITE";
  openFiles(database, files);
}

/** NORMAL and TEMPORARY make a checkpoint; IMMEDIATE does not, so the files need recovery before they come back. */
async function takeOffline(
  database: SimulatedDatabase,
  thread: number,
  files: readonly DatafileRecord[],
  how: "OFFLINE NORMAL" | "OFFLINE TEMPORARY" | "OFFLINE IMMEDIATE",
): Promise<void> {
  const immediate = how === "OFFLINE IMMEDIATE";
  if (immediate && database.control.logMode === "NOARCHIVELOG") {
    throw new OraError(1145, "offline immediate disallowed unless media recovery enabled");
  }
  const scn = immediate ? database.nextScn() : await closeCleanly(database, files);
  await roomInLog(database, thread);
  const enabled = how === "OFFLINE NORMAL" ? "DISABLED" : (files[0]?.enabled ?? "READ WRITE");
  log(database, thread, files, enabled, "OFFLINE");
  for (const file of files) {
    if (immediate) await database.cache.settled(file.file);
    file.status = immediate ? "RECOVER" : "OFFLINE";
    file.enabled = enabled;
    file.lastScn = scn;
    file.offlineScn = scn;
    database.cache.forget(file.file);
    database.files.close(file.file);
  }
  database.writeControl();
}

async function bringOnline(
  database: SimulatedDatabase,
  thread: number,
  files: readonly DatafileRecord[],
): Promise<void> {
  for (const file of files) {
    if (file.status === "ONLINE") continue;
    const header = identify(database, file);
    if (header.checkpoint.scn < (file.lastScn ?? 0n) || (header.status & headerStatus.HBP) !== 0)
      throw fileError(1113, file);
  }
  await roomInLog(database, thread);
  const enabled = files.some((file) => file.enabled === "READ ONLY") ? "READ ONLY" : "READ WRITE";
  log(database, thread, files, enabled, "ONLINE");
  for (const file of files) {
    file.status = "ONLINE";
    file.enabled = enabled;
    file.onlineScn = database.scn;
  }
  openFiles(database, files);
}

function closeCleanly(database: SimulatedDatabase, files: readonly DatafileRecord[]): Promise<bigint> {
  const open = files.filter((file) => file.enabled === "READ WRITE" && file.status === "ONLINE");
  return fileCheckpoint(database, open, (header) => ({ status: header.status & ~headerStatus.OFZ }));
}

function log(
  database: SimulatedDatabase,
  thread: number,
  files: readonly DatafileRecord[],
  enabled: DatafileRecord["enabled"],
  status: DatafileRecord["status"],
): void {
  mark(database, thread, { kind: "file-status", files: files.map((file) => file.file), enabled, status });
  database.flushRedo();
}
