import type { DoctorCheck, UsedStorage } from "../check.ts";
import { ok, problem } from "../line.ts";
import { probeFile } from "./probe-file.ts";
import { storageThere } from "./storage-there.ts";

/** `storages.X.host` says that the directory is mounted there too. A file tells whether it is the same one. */
export const sameDirectory: DoctorCheck<UsedStorage> = {
  what: "seen too from",
  look: async ({ diagnostics }, used, call) => {
    const { storage, database } = used;
    const { databaseHost, backupHost } = diagnostics.reach(database);
    if (backupHost === databaseHost || storage.host === undefined) return undefined;
    if (!(await storageThere(databaseHost, used, call))) return undefined;
    const probe = probeFile(storage.path, "seen");
    const mark = `umbra ${diagnostics.clock.now()}\n`;
    await databaseHost.writeAtomically(probe, mark, call);
    try {
      // A name that was listed before may be cached for some seconds on NFS; listing makes it be asked for again.
      await backupHost.list(storage.path, call);
      const seen = (await backupHost.stat(probe, call))
        ? await backupHost.read(probe, { offset: 0, length: mark.length }, call)
        : undefined;
      if (seen?.toString() === mark) return ok(storage.host);
      const todo = `mount the same directory of the storage there under the same path, or leave storages.${storage.name}.host out`;
      return problem(`${storage.host} does not see what was written there`, todo);
    } finally {
      await databaseHost.remove(probe, call);
    }
  },
};
