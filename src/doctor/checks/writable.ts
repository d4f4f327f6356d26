import type { DoctorCheck, UsedStorage } from "../check.ts";
import { ok } from "../line.ts";
import { probeFile } from "./probe-file.ts";
import { storageThere } from "./storage-there.ts";

/** A small file is written and removed: rights on network storage cannot be known otherwise. */
export const writable: DoctorCheck<UsedStorage> = {
  what: "writable",
  look: async ({ diagnostics }, used, call) => {
    const { storage, database } = used;
    const { databaseHost } = diagnostics.reach(database);
    if (!(await storageThere(databaseHost, used, call))) return undefined;
    const probe = probeFile(storage.path, "writable");
    await databaseHost.writeAtomically(probe, "umbra was here\n", call);
    await databaseHost.remove(probe, call);
    return ok(`by the account that copies (${databaseHost.name})`);
  },
};
