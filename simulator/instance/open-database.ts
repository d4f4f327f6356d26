import { headerStatus } from "../files/datafile-header.ts";
import { OraError } from "../engine/ora-error.ts";
import { fullCheckpoint, takesWrites } from "./checkpoint.ts";
import { Container } from "./container.ts";
import { recoverFromCrash } from "./crash-recovery.ts";
import type { DatafileRecord } from "./control-file.ts";
import { readHeader, writeHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";
import { requireConsistent } from "./consistency.ts";
import { requireOnlineLogs } from "./online-logs.ts";
import { requireOpenable } from "./open-checks.ts";
import { openThread } from "./threads.ts";
import { OpenTransaction } from "./transaction.ts";
import { RowVersions } from "./versions.ts";

const SEED = 2;

/** ALTER DATABASE OPEN by the first instance: checks, crash recovery, threads, root and seed. */
export async function openReadWrite(
  database: SimulatedDatabase,
  thread: number,
  instance: string,
): Promise<void> {
  requireOpenable(database);
  requireOnlineLogs(database);
  const crashed = database.control.threads.filter((record) => record.status === "OPEN");
  if (crashed.length > 0) {
    recoverFromCrash(database);
    for (const record of crashed) record.status = "CLOSED";
  }
  await enterReadWrite(database, thread, instance);
}

/** Everything is consistent: the database begins to change. */
export async function enterReadWrite(
  database: SimulatedDatabase,
  thread: number,
  instance: string,
): Promise<void> {
  restoreScn(database);
  database.openMode = "READ WRITE";
  // Blocks that crash recovery wrote are complete before any log it needed may be used again.
  await fullCheckpointOfRecovered(database);
  await openThread(database, thread, instance);
  database.versions = new RowVersions(database.scn);
  openFiles(
    database,
    database.control.datafiles.filter((file) => file.conId <= 1),
  );
  await fullCheckpoint(database);
  await loadContainer(database, database.control.cdb ? 1 : 0, thread, true);
  if (database.control.cdb) await loadSeed(database, thread);
}

async function fullCheckpointOfRecovered(database: SimulatedDatabase): Promise<void> {
  for (const entry of database.cache.dirty()) database.cache.writeNow(entry);
  const open = database.control.datafiles.filter((file) => file.lastScn === null && isOnline(file));
  if (open.length > 0) {
    const scn = database.nextScn();
    for (const file of open) settleHeader(database, file, scn);
    database.control.checkpointScn = scn;
    for (const group of database.control.logGroups) if (group.status === "ACTIVE") group.status = "INACTIVE";
  }
  database.writeControl();
}

const isOnline = (file: DatafileRecord): boolean =>
  (file.status === "ONLINE" || file.status === "SYSTEM") && file.enabled === "READ WRITE";

function settleHeader(database: SimulatedDatabase, file: DatafileRecord, scn: bigint): void {
  const header = readHeader(file.path, file.blockSize);
  if (header === undefined) return;
  const at = database.hooks.now();
  writeHeader(file.path, {
    ...header,
    blocks: file.blocks,
    controlSequence: database.control.sequence,
    checkpoint: { ...header.checkpoint, scn, at },
    checkpointCount: header.checkpointCount + 1,
    status: header.status & ~headerStatus.OFZ,
  });
  file.checkpointScn = scn;
  file.checkpointAt = at;
  file.lastScn = scn;
}

/** New SCNs lie behind everything that files and logs know. */
function restoreScn(database: SimulatedDatabase): void {
  const { control } = database;
  database.raiseScn(control.checkpointScn);
  for (const file of control.datafiles)
    database.raiseScn(file.checkpointScn > (file.lastScn ?? 0n) ? file.checkpointScn : (file.lastScn ?? 0n));
  for (const group of control.logGroups) database.raiseScn(group.nextScn ?? group.firstScn);
}

/** Files of a container that opens for writing: fuzzy from now on, no stop SCN. */
export function openFiles(database: SimulatedDatabase, files: readonly DatafileRecord[]): void {
  for (const file of files.filter((candidate) => takesWrites(database, candidate))) {
    const header = readHeader(file.path, file.blockSize);
    if (header !== undefined) {
      writeHeader(file.path, {
        ...header,
        controlSequence: database.control.sequence,
        status: header.status | headerStatus.OFZ,
      });
    }
    file.lastScn = null;
  }
  database.writeControl();
}

/** Rolls back what was open (in memory only where nothing may be written), then reads the dictionary. */
export async function loadContainer(
  database: SimulatedDatabase,
  conId: number,
  thread: number,
  writable: boolean,
): Promise<Container> {
  const container = new Container(database, conId);
  database.containers.set(conId, container);
  const found: OpenTransaction[] = [];
  for (const { chain, records } of container.undo.active()) {
    const transaction = new OpenTransaction(database, container, thread);
    transaction.adopt(chain, records);
    found.push(transaction);
  }
  if (writable) for (const transaction of found) await transaction.rollback();
  container.load((segment) => container.committedRows(segment));
  return container;
}

async function loadSeed(database: SimulatedDatabase, thread: number): Promise<void> {
  if (!database.control.containers.some((container) => container.conId === SEED)) return;
  database.pdbModes.set(SEED, "READ ONLY");
  await loadContainer(database, SEED, thread, false);
}

/** ALTER DATABASE OPEN READ ONLY: only what is consistent, and nothing is written but the memory. */
export async function openReadOnly(database: SimulatedDatabase, thread: number): Promise<void> {
  if (
    database.control.threads.some((record) => record.status === "OPEN") &&
    database.control.type !== "STANDBY" &&
    !database.control.resetlogsRequired
  ) {
    throw new OraError(16_005, "database requires recovery");
  }
  requireConsistent(database);
  restoreScn(database);
  database.openMode = "READ ONLY";
  database.versions = new RowVersions(database.scn);
  await loadContainer(database, database.control.cdb ? 1 : 0, thread, false);
  if (database.control.cdb) await loadSeed(database, thread);
}
