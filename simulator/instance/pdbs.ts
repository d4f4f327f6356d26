import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { mark } from "./changes.ts";
import { closeFiles } from "./close-database.ts";
import { Container } from "./container.ts";
import type { ContainerRecord, DatafileRecord } from "./control-file.ts";
import { forgetFile } from "./file-operations.ts";
import { roomInLog } from "./log-switch.ts";
import { noteTablespace } from "./tables.ts";
import { createFile } from "./tablespaces.ts";
import { OraError } from "../engine/ora-error.ts";
import type { SimulatedDatabase } from "./database.ts";
import { fullCheckpoint } from "./checkpoint.ts";
import { fileError } from "./refusals.ts";
import { headerStatus } from "../files/datafile-header.ts";
import { loadContainer, openFiles } from "./open-database.ts";
import { identify } from "./open-checks.ts";
import { saveRunningServices, startSavedServices, stopServices } from "./services.ts";

const SEED = 2;

/** ALTER PLUGGABLE DATABASE OPEN. RESETLOGS is for a PDB that was recovered on its own. */
export async function openPdb(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  mode: "READ WRITE" | "READ ONLY" | "RESETLOGS",
  restricted = false,
): Promise<void> {
  if (database.containerMode(conId) !== "MOUNTED") {
    const name = nameOf(database, conId);
    throw new OraError(65_019, `pluggable database ${name} already open`);
  }
  const writable = mode !== "READ ONLY" && database.openMode === "READ WRITE";
  if (mode !== "READ ONLY" && !writable)
    throw new OraError(16_000, "database or pluggable database open for read-only access");
  const files = database.control.datafiles.filter((file) => file.conId === conId);
  for (const file of files) requireCurrent(database, file, writable);
  database.pdbModes.set(conId, writable ? "READ WRITE" : "READ ONLY");
  try {
    if (writable) {
      openFiles(database, files);
      await fullCheckpoint(database);
    }
    await loadContainer(database, conId, thread, writable);
  } catch (error) {
    database.pdbModes.delete(conId);
    throw error;
  }
  database.pdbsOpenedAt.set(conId, database.hooks.now());
  if (restricted) database.restrictedPdbs.add(conId);
}

/** With the root: each PDB as SAVE STATE found it, and its services. In a CDB that is READ ONLY all are. */
export async function openSavedPdbs(database: SimulatedDatabase, thread: number): Promise<void> {
  for (const container of database.control.containers) {
    const { conId, opensWithRoot, savedState } = container;
    if (conId <= 2) startSavedServices(database, container);
    if (conId <= 2 || !opensWithRoot) continue;
    const mode = database.openMode === "READ ONLY" ? "READ ONLY" : (savedState?.mode ?? "READ WRITE");
    try {
      await openPdb(database, thread, conId, mode, savedState?.restricted);
      startSavedServices(database, container);
    } catch (error) {
      database.alert.note(`Pluggable database ${conId} could not be opened`, String(error));
    }
  }
}

/** SAVE STATE and DISCARD STATE. A PDB that is closed has nothing to save. */
export function savePdbState(database: SimulatedDatabase, conId: number, keep: boolean): void {
  const container = database.control.containers.find((candidate) => candidate.conId === conId);
  if (container === undefined) return;
  const mode = database.containerMode(conId);
  container.opensWithRoot = keep && mode !== "MOUNTED";
  saveRunningServices(database, container, container.opensWithRoot);
  delete container.savedState;
  if (keep && mode !== "MOUNTED")
    container.savedState = { mode, restricted: database.restrictedPdbs.has(conId) };
  database.writeControl();
}

function requireCurrent(database: SimulatedDatabase, file: DatafileRecord, writable: boolean): void {
  if (file.status !== "ONLINE" && file.status !== "SYSTEM") return;
  const header = identify(database, file);
  const frozen = (header.status & headerStatus.HBP) !== 0 && !database.backups.has(file.file);
  if (writable && frozen) throw fileError(1113, file);
  if (file.lastScn !== null && header.checkpoint.scn < file.lastScn) throw fileError(1113, file);
}

export async function closePdb(database: SimulatedDatabase, conId: number): Promise<void> {
  if (database.containerMode(conId) === "MOUNTED")
    throw new OraError(65_020, `pluggable database ${nameOf(database, conId)} already closed`);
  const inBackup = database.control.datafiles.find(
    (file) => file.conId === conId && database.backups.has(file.file),
  );
  if (inBackup !== undefined) throw fileError(1149, inBackup);
  for (const transaction of Array.from(database.transactions))
    if (transaction.conId === conId) await transaction.rollback();
  await closeFiles(database, (candidate) => candidate === conId);
  database.pdbModes.delete(conId);
  database.restrictedPdbs.delete(conId);
  stopServices(database, conId);
  database.containers.delete(conId);
}

function nameOf(database: SimulatedDatabase, conId: number): string {
  const found = database.control.containers.find((container) => container.conId === conId);
  if (found === undefined) throw new OraError(65_011, `Pluggable database ${conId} does not exist.`);
  return found.name;
}
/** CREATE PLUGGABLE DATABASE: the seed's files are copied, and their blocks go through the redo. */
export async function createPdb(
  database: SimulatedDatabase,
  thread: number,
  spec: { readonly name: string; readonly fileNameConvert: readonly [string, string] },
): Promise<void> {
  const { control } = database;
  if (!control.cdb) throw new OraError(65_090, "operation only allowed in a container database");
  if (control.containers.some((container) => container.name === spec.name)) {
    throw new OraError(65_012, `Pluggable database ${spec.name} already exists.`);
  }
  const conId = Math.max(...control.containers.map((container) => container.conId)) + 1;
  const [from, to] = spec.fileNameConvert;
  const seedFiles = [...control.datafiles, ...control.tempfiles].filter((file) => file.conId === SEED);
  for (const file of seedFiles) {
    const path = file.path.replace(from, to);
    if (path === file.path || existsSync(path))
      throw new OraError(65_005, `missing or invalid file name pattern for file - ${file.path}`);
  }
  await roomInLog(database, thread);
  const created: ContainerRecord = {
    conId,
    name: spec.name,
    guid: createHash("sha256")
      .update(`${control.dbid}/${spec.name}/${database.scn}`)
      .digest("hex")
      .slice(0, 32)
      .toUpperCase(),
    dbid: (control.dbid + conId) >>> 0,
    createdScn: mark(database, thread, { kind: "commit", at: database.hooks.now() }),
    opensWithRoot: false,
  };
  control.containers.push(created);
  mark(database, thread, { kind: "container-create", container: created });
  for (const tablespace of control.tablespaces.filter((ts) => ts.conId === SEED)) {
    const own = { ...tablespace, conId };
    control.tablespaces.push(own);
    const files = seedFiles.filter((file) => file.ts === tablespace.ts);
    for (const file of files) {
      await roomInLog(database, thread);
      createFile(database, thread, own, {
        path: file.path.replace(from, to),
        bytes: file.blocks * file.blockSize,
        reuse: false,
        autoextend: file.autoextend && {
          nextBytes: file.autoextend.nextBlocks * file.blockSize,
          maxBytes: file.autoextend.maxBlocks * file.blockSize,
        },
      });
    }
  }
  await formatContainer(database, thread, conId);
}

/** Dictionary and undo of the new container, written while it counts as open. */
async function formatContainer(database: SimulatedDatabase, thread: number, conId: number): Promise<void> {
  database.pdbModes.set(conId, "READ WRITE");
  try {
    const container = new Container(database, conId);
    container.create(thread);
    for (const tablespace of database.control.tablespaces)
      if (tablespace.conId === conId) await noteTablespace(database, thread, container, tablespace);
    await closeFiles(database, (candidate) => candidate === conId);
  } finally {
    database.pdbModes.delete(conId);
  }
}

/** DROP PLUGGABLE DATABASE … INCLUDING DATAFILES. */
export async function dropPdb(database: SimulatedDatabase, thread: number, name: string): Promise<void> {
  const { control } = database;
  const found = control.containers.find((container) => container.name === name);
  if (found === undefined || found.conId <= SEED)
    throw new OraError(65_011, `Pluggable database ${name} does not exist.`);
  const { conId } = found;
  if (database.containerMode(conId) !== "MOUNTED")
    throw new OraError(65_025, `Pluggable database ${name} is not closed on all instances.`);
  await roomInLog(database, thread);
  mark(database, thread, { kind: "container-drop", conId });
  database.flushRedo();
  const files = control.datafiles.filter((file) => file.conId === conId);
  const temps = control.tempfiles.filter((file) => file.conId === conId);
  for (const file of files) forgetFile(database, file);
  control.tempfiles = control.tempfiles.filter((file) => file.conId !== conId);
  control.tablespaces = control.tablespaces.filter((ts) => ts.conId !== conId);
  control.containers = control.containers.filter((container) => container !== found);
  database.writeControl();
  for (const file of [...files, ...temps]) rmSync(file.path, { force: true });
}
