import { mountOf } from "../../domain/mount.ts";
import type { DoctorCheck, UsedStorage } from "../check.ts";
import { ok, problem, warning } from "../line.ts";

export const mounted: DoctorCheck<UsedStorage> = {
  what: "mounted",
  look: async ({ diagnostics }, { storage, database }, call) => {
    const { databaseHost } = diagnostics.reach(database);
    const { path } = storage;
    const mount = mountOf(path, await databaseHost.mounts(call));
    const where = `${path} on ${mount?.kind ?? "an unknown file system"} at ${mount?.point ?? "?"}`;
    const found = await databaseHost.stat(path, call);
    if (found?.kind !== "directory")
      return problem(`${path} is no directory there`, "mount the storage, or make the directory");
    if (mount?.point !== "/") return ok(where);
    return warning(where, "it lies on the root file system: is the storage not mounted?");
  },
};
