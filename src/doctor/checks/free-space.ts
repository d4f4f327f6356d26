import { formatBytes } from "../../domain/human.ts";
import type { DoctorCheck, UsedStorage } from "../check.ts";
import { ok, warning } from "../line.ts";
import { storageThere } from "./storage-there.ts";

/** `umbra check` compares with the size of the database; this only sees that something is left beyond the spare. */
export const freeSpace: DoctorCheck<UsedStorage> = {
  what: "free space",
  look: async ({ diagnostics }, used, call) => {
    const { storage, database } = used;
    const { databaseHost } = diagnostics.reach(database);
    if (!(await storageThere(databaseHost, used, call))) return undefined;
    const free = await databaseHost.freeBytes(storage.path, call);
    const { spareBytes } = database.backup;
    const seen = `${formatBytes(free)} free`;
    if (free > spareBytes) return ok(seen);
    return warning(
      `${seen}, ${formatBytes(spareBytes)} of it to be spared`,
      "enlarge the storage, or remove backups that are not needed any more",
    );
  },
};
