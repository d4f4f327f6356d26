import { OraError } from "../engine/ora-error.ts";
import type { SimulatedDatabase } from "./database.ts";
import { fullCheckpoint } from "./checkpoint.ts";
import { fileError } from "./refusals.ts";
import { headerStatus } from "../files/datafile-header.ts";
import { loadContainer, openFiles } from "./open-database.ts";
import { identify } from "./open-checks.ts";

/** ALTER PLUGGABLE DATABASE OPEN. RESETLOGS is for a PDB that was recovered on its own. */
export async function openPdb(
  database: SimulatedDatabase,
  thread: number,
  conId: number,
  mode: "READ WRITE" | "READ ONLY" | "RESETLOGS",
): Promise<void> {
  if (database.containerMode(conId) !== "MOUNTED") {
    const name = nameOf(database, conId);
    throw new OraError(65_019, `pluggable database ${name} already open`);
  }
  const writable = mode !== "READ ONLY" && database.openMode === "READ WRITE";
  if (mode !== "READ ONLY" && !writable)
    throw new OraError(16_000, "database or pluggable database open for read-only access");
  const files = database.control.datafiles.filter((file) => file.conId === conId);
  for (const file of files) {
    if (file.status !== "ONLINE" && file.status !== "SYSTEM") continue;
    const header = identify(database, file);
    if (writable && (header.status & headerStatus.HBP) !== 0 && !database.backups.has(file.file))
      throw fileError(1113, file);
    if (file.lastScn !== null && header.checkpoint.scn < file.lastScn) throw fileError(1113, file);
  }
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
}

export async function closePdb(
  database: SimulatedDatabase,
  conId: number,
  closeFiles: (database: SimulatedDatabase, conIds: (conId: number) => boolean) => Promise<void>,
): Promise<void> {
  if (database.containerMode(conId) === "MOUNTED")
    throw new OraError(65_020, `pluggable database ${nameOf(database, conId)} already closed`);
  const inBackup = database.control.datafiles.find(
    (file) => file.conId === conId && database.backups.has(file.file),
  );
  if (inBackup !== undefined) throw fileError(1149, inBackup);
  for (const transaction of [...database.transactions])
    if (transaction.conId === conId) await transaction.rollback();
  await closeFiles(database, (candidate) => candidate === conId);
  database.pdbModes.delete(conId);
  database.containers.delete(conId);
}

function nameOf(database: SimulatedDatabase, conId: number): string {
  const found = database.control.containers.find((container) => container.conId === conId);
  if (found === undefined) throw new OraError(65_011, `Pluggable database ${conId} does not exist.`);
  return found.name;
}
const later = (..._: readonly unknown[]): never => {
  throw new OraError(3001, "unimplemented feature");
};
export const createPdb = async (...a: readonly unknown[]): Promise<void> => later(a);
export const dropPdb = async (...a: readonly unknown[]): Promise<void> => later(a);
