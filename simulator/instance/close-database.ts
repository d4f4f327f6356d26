import { headerStatus } from "../files/datafile-header.ts";
import { advanceHeader, fullCheckpoint, headerOf, takesWrites } from "./checkpoint.ts";
import type { SimulatedDatabase } from "./database.ts";
import { closeThread } from "./threads.ts";

/** Ends the writing of a container's files: everything on disk, one stop SCN, no fuzziness. */
export async function closeFiles(
  database: SimulatedDatabase,
  conIds: (conId: number) => boolean,
): Promise<void> {
  const files = database.control.datafiles.filter(
    (file) => conIds(file.conId) && takesWrites(database, file),
  );
  await fullCheckpoint(database);
  const scn = database.nextScn();
  for (const file of files) {
    const header = headerOf(file);
    advanceHeader(database, file, scn, { status: header.status & ~headerStatus.OFZ });
    file.lastScn = scn;
  }
  database.control.checkpointScn = scn;
  database.writeControl();
}

/** Closes the database cleanly: transactions are over by now, background processes are stopped. */
export async function shutDown(database: SimulatedDatabase): Promise<void> {
  if (database.openMode === "READ WRITE") {
    await closeFiles(database, () => true);
    for (const thread of Array.from(database.threads.keys())) closeThread(database, thread);
    for (const group of database.control.logGroups) if (group.status === "ACTIVE") group.status = "INACTIVE";
    // The last log ends behind the stop SCN of the files.
    database.writeControl();
  }
  database.pdbModes.clear();
  database.restrictedPdbs.clear();
  database.runningServices.clear();
  database.containers.clear();
  database.openMode = "MOUNTED";
}
