import { type DatafileHeader, headerStatus } from "../files/datafile-header.ts";
import type { CachedBlock } from "./cache.ts";
import type { DatafileRecord } from "./control-file.ts";
import { readHeader, writeHeader } from "./data-files.ts";
import { requireAlive, type SimulatedDatabase } from "./database.ts";
import { fileError } from "./refusals.ts";

/** Open for writing: what a checkpoint has to care for. Files of closed and read-only PDBs stand still. */
export function takesWrites(database: SimulatedDatabase, file: DatafileRecord): boolean {
  if (file.status !== "ONLINE" && file.status !== "SYSTEM") return false;
  return file.enabled === "READ WRITE" && database.containerMode(file.conId) === "READ WRITE";
}

/**
 * Everything changed before its SCN is on disk when it resolves; headers and control file say so. Files in backup mode
 * are written too, but their headers keep the checkpoint of BEGIN BACKUP.
 */
export async function fullCheckpoint(database: SimulatedDatabase): Promise<bigint> {
  const scn = database.nextScn();
  const files = database.control.datafiles.filter((file) => takesWrites(database, file));
  await writeDirty(database, database.cache.dirty());
  requireAlive(database);
  for (const file of files) if (takesWrites(database, file)) advanceHeader(database, file, scn, {});
  const { control } = database;
  if (scn > control.checkpointScn) control.checkpointScn = scn;
  for (const thread of control.threads) if (scn > thread.checkpointScn) thread.checkpointScn = scn;
  for (const group of control.logGroups) {
    if (group.status === "ACTIVE" && group.nextScn !== null && group.nextScn <= scn)
      group.status = "INACTIVE";
  }
  database.writeControl();
  return scn;
}

/** A checkpoint of some files. `edit` adds to the header what the occasion asks for. */
export async function fileCheckpoint(
  database: SimulatedDatabase,
  files: readonly DatafileRecord[],
  edit: (header: DatafileHeader, scn: bigint) => Partial<DatafileHeader>,
): Promise<bigint> {
  const scn = database.nextScn();
  for (const file of files) {
    await writeDirty(database, database.cache.dirty(file.file));
    requireAlive(database);
    // A full checkpoint may have come in between: the header never goes back.
    const header = headerOf(file);
    const reached = header.checkpoint.scn > scn ? header.checkpoint.scn : scn;
    advanceHeader(database, file, reached, edit(header, reached));
  }
  database.writeControl();
  return scn;
}

async function writeDirty(database: SimulatedDatabase, blocks: readonly CachedBlock[]): Promise<void> {
  for (const entry of blocks) await database.cache.write(entry);
  await database.cache.settled();
  if (database.io.suspended) await database.io.passed();
}

export function headerOf(file: DatafileRecord): DatafileHeader {
  const header = readHeader(file.path, file.blockSize);
  if (header === undefined) throw fileError(1157, file);
  return header;
}

/** The header after a checkpoint at `scn`; in backup mode only its count goes on. */
export function advanceHeader(
  database: SimulatedDatabase,
  file: DatafileRecord,
  scn: bigint,
  extra: Partial<DatafileHeader>,
): void {
  const header = headerOf(file);
  const log = database.threads.values().next().value;
  const counted = {
    ...header,
    controlSequence: database.control.sequence,
    blocks: file.blocks,
    checkpointCount: header.checkpointCount + 1,
    controlCount: header.checkpointCount,
  };
  const frozen = (header.status & headerStatus.HBP) !== 0 && extra.status === undefined;
  if (frozen || scn < header.checkpoint.scn) {
    writeHeader(file.path, { ...counted, ...extra });
    return;
  }
  const at = database.hooks.now();
  const rba = { sequence: log?.group.sequence ?? 0, block: log?.nextBlock ?? 0, offset: 16 };
  const checkpoint = { scn, at, thread: log?.thread ?? header.checkpoint.thread, rba };
  writeHeader(file.path, { ...counted, checkpoint, ...extra });
  file.checkpointScn = scn;
  file.checkpointAt = at;
}
